# The command line in a container, from the package that npm gets:
#   npm pack && docker build --build-arg VERSION=0.1.0 --tag nippy . && docker run --rm --volume "$PWD:/code:ro" nippy check
FROM node:24-alpine

ARG VERSION
COPY nippy-${VERSION}.tgz /tmp/nippy.tgz
RUN npm install --global --ignore-scripts /tmp/nippy.tgz && rm /tmp/nippy.tgz && npm cache clean --force

# What it looks at belongs to somebody else, so it is nobody in particular.
USER node
WORKDIR /code
ENTRYPOINT ["nippy"]
CMD ["check"]
