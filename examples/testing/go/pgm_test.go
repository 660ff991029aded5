// pgwh in a test with Go's testing package. Run: go test
package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
)

const secret = "the secret of the tests"

type signedRequest struct {
	URL     string
	Headers map[string]string
	Body    string
}

// sign returns a sample event as PGM would send it; options as for `pgwh sign`.
func sign(t *testing.T, event string, options ...string) signedRequest {
	t.Helper()
	t.Setenv("PGWH_SECRET", secret)
	output, err := exec.Command("pgwh", append([]string{"sign", event, "--as", "json"}, options...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var signed signedRequest
	if err := json.Unmarshal(output, &signed); err != nil {
		t.Fatal(err)
	}
	return signed
}

func newRequest(url string, signed signedRequest) *http.Request {
	request := httptest.NewRequest(http.MethodPost, url, strings.NewReader(signed.Body))
	for name, value := range signed.Headers {
		request.Header.Set(name, value)
	}
	return request
}

// receive hands the request to your handler.
func receive(signed signedRequest) *httptest.ResponseRecorder {
	secrets = []string{secret, ""}
	response := httptest.NewRecorder()
	webhook(response, newRequest("/pgm", signed))
	return response
}

func TestMemberWithoutMailAddressIsAccepted(t *testing.T) {
	response := receive(sign(t, "UserModified", "--set", "user.userEmail=null"))
	if response.Code != http.StatusOK || response.Body.String() != "Ok" {
		t.Fatalf("%d %s", response.Code, response.Body)
	}
}

func TestAnotherSecretIsRefused(t *testing.T) {
	response := receive(sign(t, "Test", "--secret", "not the secret"))
	if response.Code != http.StatusUnauthorized {
		t.Fatal(response.Code)
	}
}

func TestWhatWeSendOnArrivesSigned(t *testing.T) {
	signed := sign(t, "ClassesBooked")
	listen := exec.Command("pgwh", "listen", "--addr", "127.0.0.1:0", "--format", "json", "--reject-invalid",
		"--expect", "1", "--expect-event", "ClassesBooked", "--timeout", "10s")
	stdout, _ := listen.StdoutPipe()
	if err := listen.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	var ready struct{ URL string }
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &ready) != nil {
		t.Fatal("pgwh listen is not ready")
	}
	request := newRequest(ready.URL, signed)
	request.RequestURI = ""                                   // set for servers only
	if _, err := http.DefaultClient.Do(request); err != nil { // in place of your code that sends requests on
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if err := listen.Wait(); err != nil {
		t.Fatal(err)
	}
}
