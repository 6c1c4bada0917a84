// Receives webhooks of Rushes with Go's standard library.
//
//	WEBHOOK_SECRET=whsec_... go run receiver.go
//
// The package github.com/standard-webhooks/standard-webhooks/libraries/go does the same as verify.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	tolerance    = 5 * time.Minute
	bodyBytesMax = 64 * 1024
)

// verify tells whether the holder of the key has signed the body a short while ago.
func verify(body []byte, header http.Header, key []byte, now time.Time) bool {
	seconds, err := strconv.ParseInt(header.Get("webhook-timestamp"), 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", header.Get("webhook-id"), seconds)
	// The bytes as they came: JSON that was read and written again has another signature.
	mac.Write(body)
	expected := mac.Sum(nil)
	// There are several while the secret is being changed; one that fits is enough.
	for _, item := range strings.Split(header.Get("webhook-signature"), " ") {
		given, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(item, "v1,"))
		// hmac.Equal looks at the lengths first.
		if strings.HasPrefix(item, "v1,") && err == nil && hmac.Equal(given, expected) {
			return true
		}
	}
	return false
}

func main() {
	// The key is what the base64 stands for, not the text.
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil || len(key) == 0 {
		log.Fatal("WEBHOOK_SECRET is missing")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	// Yours is a table with a unique key: a webhook may come twice, and a restart forgets this map.
	var seen sync.Map

	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, bodyBytesMax))
		if err != nil || !verify(body, request.Header, key, time.Now()) {
			response.WriteHeader(http.StatusBadRequest)
			return
		}
		id := request.Header.Get("webhook-id")
		if _, isKnown := seen.LoadOrStore(id, true); !isKnown {
			var event struct{ Type string }
			if err := json.Unmarshal(body, &event); err != nil {
				response.WriteHeader(http.StatusBadRequest)
				return
			}
			// Put it into a queue here; what takes longer than a moment is done after the answer.
			fmt.Println(event.Type, id)
		}
		response.WriteHeader(http.StatusNoContent)
	})
	log.Printf("listening on port %s", port)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
