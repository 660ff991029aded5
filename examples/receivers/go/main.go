// Receives Perfect Gym webhooks with Go's standard library.
package main

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// The second secret is optional: it is accepted too while the secret is being changed.
var secrets = []string{os.Getenv("PGM_WEBHOOK_SECRET"), os.Getenv("PGM_WEBHOOK_SECRET_OLD")}

// Signatures of the last day: PGM sends a request again with the same one. A table with a unique
// key would survive a restart and serve several processes.
var seen sync.Map

func signed(id, signature string) bool {
	odd := func(c rune) bool { return c < ' ' || c > '~' || c == ',' } // a comma: a header was repeated
	matches := func(secret string) bool {
		expected := fmt.Sprintf("%x", md5.Sum([]byte(id+":"+secret)))
		return secret != "" && subtle.ConstantTimeCompare([]byte(expected), []byte(signature)) == 1
	}
	return id != "" && strings.IndexFunc(id, odd) == -1 && (matches(secrets[0]) || matches(secrets[1]))
}

func work(envelope map[string]any) {
	// Ignore Test and events you do not know; any field may be null.
	data, _ := envelope["data"].(map[string]any)
	log.Println(envelope["event"], data["userId"])
}

func webhook(w http.ResponseWriter, r *http.Request) {
	id := strings.Join(r.Header.Values("X-PerfectGym-Request"), ",")
	signature := strings.ToLower(strings.Join(r.Header.Values("X-PerfectGym-Signature"), ","))
	var envelope map[string]any
	if !signed(id, signature) || json.NewDecoder(r.Body).Decode(&envelope) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	fmt.Fprint(w, "Ok") // respond first, work later: PGM allows 5 seconds
	if _, known := seen.LoadOrStore(signature, true); !known {
		time.AfterFunc(24*time.Hour, func() { seen.Delete(signature) })
		go work(envelope)
	}
}

func main() {
	if secrets[0] == "" {
		log.Fatal("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM")
	}
	http.HandleFunc("/pgm", webhook)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
