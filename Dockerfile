# Stallwatch as one container: what requirements.txt locks, and the packages of this tree.
FROM python:3.11-slim

WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY pyproject.toml README.md ./
COPY core core
COPY collector collector
COPY correlator correlator
COPY slo slo
COPY alerts alerts
COPY web web
COPY stallwatch stallwatch
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --uid 10001 --no-create-home stallwatch \
    && install -d -o stallwatch -g stallwatch /var/lib/stallwatch

USER stallwatch
ENV STALLWATCH_DATA_DIR=/var/lib/stallwatch STALLWATCH_HOST=0.0.0.0
VOLUME /var/lib/stallwatch
EXPOSE 8080 4318 4317
ENTRYPOINT ["stallwatch"]
CMD ["serve"]
