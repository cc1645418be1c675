# Panel: built with Node, needed only here.
FROM node:22-bookworm-slim AS panel
WORKDIR /src/hmi
COPY hmi/package.json hmi/package-lock.json hmi/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY hmi/ ./
RUN npm run build

# Wheel: the packages with the built panel inside.
FROM python:3.13-slim-bookworm AS wheel
WORKDIR /src
RUN pip install --no-cache-dir hatchling build
COPY . .
COPY --from=panel /src/hmi/dist hmi/dist
RUN python -m build --wheel --no-isolation --outdir /wheels

FROM python:3.13-slim-bookworm
COPY requirements.lock /tmp/requirements.lock
COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir --constraint /tmp/requirements.lock "$(ls /wheels/*.whl)[postgres]" \
 && rm -rf /wheels /tmp/requirements.lock \
 && useradd --system --uid 10001 --no-create-home cryochamber \
 && install -d -o cryochamber -g cryochamber -m 0700 /data /run/cryochamber
USER cryochamber
WORKDIR /data
VOLUME ["/data", "/run/cryochamber"]
ENTRYPOINT ["cryochamber"]
CMD ["--help"]
