# Receives Perfect Gym webhooks with Sinatra on Puma.
require 'digest'
require 'json'
require 'sinatra'

abort "set PGM_WEBHOOK_SECRET to the webhook's secret in PGM" if ENV['PGM_WEBHOOK_SECRET'].to_s.empty?
# The old secret is accepted too while the secret is being changed.
SECRETS = ENV.values_at('PGM_WEBHOOK_SECRET', 'PGM_WEBHOOK_SECRET_OLD').reject { |secret| secret.to_s.empty? }

set :server, :puma
set :bind, '127.0.0.1'
set :port, ENV.fetch('PORT', '3000').to_i

# Signatures of the latest requests: PGM sends a request again with the same one. A table with a
# unique key would survive a restart and serve several processes.
SEEN = {}
LOCK = Mutex.new
def new?(signature)
  LOCK.synchronize do
    return false if SEEN.key?(signature)

    SEEN.shift if SEEN.size == 10_000
    SEEN[signature] = true
  end
end

def signed?(id, signature)
  # A comma means repeated headers: Rack joins them.
  return false if !id.match?(/\A[ -~]+\z/n) || id.include?(',')

  SECRETS.any? { |secret| Rack::Utils.secure_compare(Digest::MD5.hexdigest("#{id}:#{secret}"), signature) }
end

JOBS = Queue.new
Thread.new do
  while (envelope = JOBS.pop)
    # Ignore Test and events you do not know; any field may be null.
    puts "#{envelope['event']} #{envelope.dig('data', 'userId')}"
  end
end

post '/pgm' do
  id, signature = %w[REQUEST SIGNATURE].map { |name| env["HTTP_X_PERFECTGYM_#{name}"].to_s[/\A[ \t]*(.*?)[ \t]*\z/mn, 1] }
  signature = signature.downcase
  halt 401 unless signed?(id, signature)
  envelope = JSON.parse(request.body.read)
  JOBS << envelope if new?(signature)
  content_type 'text/plain'
  'Ok' # respond first, work later: PGM allows 5 seconds
rescue JSON::ParserError
  halt 400
end
