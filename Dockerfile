# Two images: `backend` (Isotherm with Chromium) and `grafana` (Grafana with the plugin, its provisioning and dashboards).

FROM node:22.23.3-bookworm-slim AS web
WORKDIR /src/grafana-plugin
COPY grafana-plugin/package.json grafana-plugin/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY grafana-plugin ./
COPY dashboards ../dashboards
RUN npm run build:standalone && npm run build

FROM --platform=$BUILDPLATFORM golang:1.26.8-bookworm AS plugin
ARG TARGETARCH
WORKDIR /src/grafana-plugin
COPY grafana-plugin/go.mod grafana-plugin/go.sum ./
RUN go mod download
COPY grafana-plugin ./
COPY --from=web /src/grafana-plugin/dist dist
RUN go tool mage build:custom linux "$TARGETARCH" build:generateManifestFile

FROM python:3.12-slim-bookworm AS backend
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium libatomic1 fontconfig \
        fonts-dejavu-core fonts-liberation fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home isotherm \
    && install -d -o isotherm -g isotherm /data
WORKDIR /src
ARG REQUIREMENTS=requirements.lock
COPY requirements.lock requirements-scale.lock ./
RUN pip install --no-cache-dir --require-hashes -r "$REQUIREMENTS"
COPY pyproject.toml README.md LICENSE ./
COPY backend backend
# The package links to these; a wheel has copies.
COPY provisioning provisioning
COPY dashboards dashboards
COPY --from=web /src/backend/isotherm/static backend/isotherm/static
RUN pip install --no-cache-dir --no-deps . && rm -rf /src
USER isotherm
WORKDIR /home/isotherm
ENV ISOTHERM_DATA=/data ISOTHERM_HOST=0.0.0.0 ISOTHERM_PORT=8420
VOLUME /data
EXPOSE 8420
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8420/health', timeout=4)"]
CMD ["isotherm", "serve"]

FROM grafana/grafana:12.3.0 AS grafana
COPY --from=plugin /src/grafana-plugin/dist /usr/share/isotherm/plugins/isotherm-heatmap-app
COPY provisioning /usr/share/isotherm/provisioning
COPY dashboards /usr/share/isotherm/dashboards
ENV GF_PATHS_PLUGINS=/usr/share/isotherm/plugins \
    GF_PATHS_PROVISIONING=/usr/share/isotherm/provisioning \
    GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS=isotherm-heatmap-app,isotherm-rum-datasource,isotherm-heatmap-panel \
    GF_PLUGINS_PREINSTALL_DISABLED=true \
    ISOTHERM_DASHBOARDS=/usr/share/isotherm/dashboards
HEALTHCHECK --interval=10s --timeout=5s --start-period=1m --retries=6 \
    CMD ["wget", "-qO", "/dev/null", "http://127.0.0.1:3000/api/health"]
