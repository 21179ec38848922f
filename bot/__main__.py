"""The command line."""

import click


@click.group()
@click.version_option(package_name="circlekeeper")
def main() -> None:
    """Keep what is said in a peer-support group inside that group."""


if __name__ == "__main__":
    main()
