#!/usr/bin/env bash
# Starts an nginx of our own that answers "Ok": http on $1, https on $2, in folder $3 (made
# with an authority of its own: ca.pem). Prints its pid. Stop it with `kill PID`.
set -euo pipefail
http=$1 https=$2 dir=$3
mkdir -p "$dir/logs"
cd "$dir"

if [ ! -f ca.pem ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj "/CN=pgwh bench CA" -keyout ca.key -out ca.pem 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj "/CN=localhost" -keyout server.key -out server.csr 2>/dev/null
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
        -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out server.pem 2>/dev/null
fi

cat > nginx.conf <<CONF
daemon off;
pid $dir/nginx.pid;
error_log $dir/logs/error.log;
worker_processes 1;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $dir/body;
    server {
        listen 127.0.0.1:$http;
        listen 127.0.0.1:$https ssl;
        ssl_certificate $dir/server.pem;
        ssl_certificate_key $dir/server.key;
        location / { return 200 "Ok"; }
    }
}
CONF
"${NGINX:-nginx}" -p "$dir" -c "$dir/nginx.conf" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$http") 2>/dev/null; then
        echo "$pid"
        exit 0
    fi
    sleep 0.05
done
echo "nginx did not start: see $dir/logs" >&2
kill "$pid" 2>/dev/null
exit 1
