"""The real program as a process, on the local Discord of the test's loop."""

from dataclasses import dataclass

import yaml

from tests.localdiscord import LocalDiscord
from tests.support.botprocess import BotProcess
from tests.support.synapse import Account


@dataclass
class DiscordProcess(BotProcess):
    """See `BotProcess`. Start it with `start_beside`: the local Discord needs the loop meanwhile."""

    server: LocalDiscord | None = None

    def write_config(self) -> None:
        """Put config.yaml and the token where they belong, for the owner alone."""
        assert self.server is not None
        secrets = self.folder / "secrets"
        secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        token = secrets / "discord-token"
        token.write_text(self.server.token)
        token.chmod(0o600)
        config = {
            "operator": {"name": "Example Peer Support", "contact": "privacy@example.org"},
            "data": "./data",
            "master_key_file": "./secrets/master.key",
            "listen": f"127.0.0.1:{self.port}",
            "log_level": "debug",
            "discord": {
                "token_file": "./secrets/discord-token",
                "api_base": self.server.api_base,
                "gateway": self.server.gateway_url,
            },
        }
        self.config.write_text(yaml.safe_dump(config, sort_keys=False))


def process(server: LocalDiscord, folder: object) -> DiscordProcess:
    """A bot for this server, not started yet."""
    return DiscordProcess(folder, "", Account("", "", "", ""), server=server)  # type: ignore[arg-type]
