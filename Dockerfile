FROM node:24-bookworm-slim AS build
WORKDIR /usher
COPY package.json package-lock.json ./
# The build generates the database client itself, once the schema is there.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /usher
COPY --from=build /usher/dist ./
# A number, by which Kubernetes sees that it is not root. It is the account `node`.
USER 1000:1000
EXPOSE 4000
# While the database is away, restarting usher does not help: /health/ready is for load balancers.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "main.js"]
