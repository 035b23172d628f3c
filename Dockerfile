FROM python:3.13-slim

COPY pyproject.toml LICENSE /src/
COPY service /src/service
COPY schemas /src/schemas
COPY sitrep_client /src/sitrep_client
COPY migrations /src/migrations
RUN pip install --no-cache-dir /src

RUN useradd --create-home --home-dir /srv/sitrep sitrep
WORKDIR /srv/sitrep
USER sitrep

ENV PYTHONUNBUFFERED=1
EXPOSE 8080
CMD ["sh", "-c", "sitrep migrate && exec sitrep serve --host 0.0.0.0"]
