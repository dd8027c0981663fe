# syntax=docker/dockerfile:1
# The server on Debian (glibc: the pinned Node and the built-in PostgreSQL need it), as an ordinary user, with its data in /data.

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

# What builds the web and the command line tool.
FROM packages AS build
RUN npm ci --include=dev --include=optional
COPY . .
RUN node bin/run.mjs tools/build.ts

# What runs. The headers and manuals that come with the pinned Node are not needed.
FROM packages AS runtime
RUN npm ci --omit=dev --include=optional \
 && rm -rf node_modules/node-linux-*/include node_modules/node-linux-*/share

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates tini tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --shell /usr/sbin/nologin fortnight \
 && install --directory --owner=fortnight --group=fortnight --mode=0700 /data
WORKDIR /app
COPY --from=runtime /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY . .
# `node` is the pinned one, by its own path: npm 10 removes node_modules/.bin/node together with other systems' packages.
RUN ln -s /app/node_modules/node-linux-*/bin/node /usr/local/bin/node \
 && ln -s /app/bin/fortnight /usr/local/bin/fortnight \
 && node --version
# The packages are as this image was built, so nothing is installed at the start.
ENV PATH=/usr/local/bin:/usr/bin:/bin \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/node-compile \
    FORTNIGHT_NO_INSTALL=1 \
    FORTNIGHT_DATA=/data \
    HOST=0.0.0.0 \
    PORT=4280
USER fortnight
VOLUME /data
EXPOSE 4280
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# tini reaps what a killed process leaves behind.
ENTRYPOINT ["tini", "--"]
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=8", "dist/server/main.mjs"]
