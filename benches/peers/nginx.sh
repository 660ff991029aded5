#!/usr/bin/env bash
# Writes a folder for an nginx that answers "Ok": its configuration, and certificates by an
# authority of its own (ca.pem). `nginx.sh FOLDER HTTP-PORT HTTPS-PORT PROCESSES`
set -euo pipefail
mkdir -p "$1"
cd "$1"

exec 2>>openssl.log
key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
openssl req -x509 "${key[@]}" -days 30 -subj "/CN=pgwh bench CA" -keyout ca.key -out ca.pem
openssl req "${key[@]}" -subj "/CN=localhost" -keyout server.key -out server.csr
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
    -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out server.pem

cat >nginx.conf <<CONF
daemon off;
pid nginx.pid;
worker_processes $4;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path body;
    server {
        listen 127.0.0.1:$2;
        listen 127.0.0.1:$3 ssl;
        ssl_certificate server.pem;
        ssl_certificate_key server.key;
        location / { default_type text/plain; return 200 "Ok"; }
    }
}
CONF
