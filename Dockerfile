# Build: docker build -t circlekeeper .   Run: see docs/operating.md.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY deploy/program_lock.py deploy/program_lock.py
# What the program needs, and setuptools to install the program itself; each file of it by its hash.
RUN python deploy/program_lock.py setuptools > program.lock \
 && python -m venv /opt/circlekeeper \
 && /opt/circlekeeper/bin/python -m pip install --no-cache-dir --require-hashes -r program.lock
COPY bot bot
COPY adapters adapters
RUN /opt/circlekeeper/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/circlekeeper/bin/python -m pip uninstall --yes setuptools pip \
 && python -m compileall -q /opt/circlekeeper/lib

FROM python:3.11-slim
ENV PATH=/opt/circlekeeper/bin:$PATH PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin circlekeeper \
 && install -d -m 0700 -o 10001 -g 10001 /data
COPY --from=build /opt/circlekeeper /opt/circlekeeper
USER 10001:10001
WORKDIR /data
# The only place that is written to: run it with --read-only. Configuration and secrets are mounted at /config.
VOLUME /data
STOPSIGNAL SIGTERM
# Needs `listen: 127.0.0.1:8787` in the configuration.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8787/healthz', timeout=4)"]
ENTRYPOINT ["circlekeeper"]
CMD ["run", "--config", "/config/config.yaml"]
