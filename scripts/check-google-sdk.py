#!/usr/bin/env python3
"""Drives a sandbox with the real `google-genai` package, unchanged, and says what did not work.

    rushes sandbox --listen 127.0.0.1:9100 --data-dir /tmp/sandbox --speed 100
    scripts/sdk-environments
    ~/.cache/rushes/sdk/google-2/bin/python scripts/check-google-sdk.py gemini http://127.0.0.1:9100 sandbox
    ~/.cache/rushes/sdk/google-3/bin/python scripts/check-google-sdk.py vertex http://127.0.0.1:9100 \\
        /tmp/sandbox/service-account.json

The Gemini form is for versions below 3: later ones refuse to make videos in it. Exits with 0 when every call behaved as it
does against the real service.
"""

import sys
import time
import warnings

warnings.simplefilter("ignore")

from google import genai  # noqa: E402
from google.genai import errors, types  # noqa: E402
from google.oauth2 import service_account  # noqa: E402

MODEL = "veo-3.1-generate-001"


def refused(code, call):
    """Calls, and returns the error with that HTTP status; anything else is a failure."""
    try:
        call()
    except errors.APIError as error:
        assert error.code == code, error
        return error
    raise AssertionError(f"expected HTTP {code}")


def ended(client, operation):
    """Polls an operation to its end."""
    for _ in range(600):
        if operation.done:
            return operation
        time.sleep(0.2)
        operation = client.operations.get(operation)
    raise AssertionError(f"{operation.name} has not ended")


def check_shared(client, tag):
    """What both forms have."""
    operation = client.models.generate_videos(model=MODEL, prompt=f"{tag} without options")
    assert operation.name and not operation.done and operation.error is None, operation
    print("generate_videos: without options")
    done = ended(client, operation)
    assert done.error is None and len(done.response.generated_videos) == 1, done
    print("operations.get: done, with one video")

    filtered = ended(client, client.models.generate_videos(model=MODEL, prompt=f"{tag} [sim:moderation]"))
    assert filtered.error is None and not filtered.response.generated_videos, filtered
    assert filtered.response.rai_media_filtered_count == 1, filtered
    assert "Support codes" in filtered.response.rai_media_filtered_reasons[0], filtered
    print("filtered: done, no error, no video, a count and reasons")

    failed = ended(client, client.models.generate_videos(model=MODEL, prompt=f"{tag} [sim:500]"))
    assert failed.error["code"] == 13 and not failed.response, failed
    print("failed: an operation's own error")

    config = types.GenerateVideosConfig(duration_seconds=5)
    assert refused(400, lambda: client.models.generate_videos(model=MODEL, prompt="x", config=config)).status == (
        "INVALID_ARGUMENT")
    assert refused(404, lambda: client.models.generate_videos(model="veo-gone", prompt="x [sim:retired]")).status == (
        "NOT_FOUND")
    error = refused(429, lambda: client.models.generate_videos(model=MODEL, prompt=f"{tag} [sim:429]"))
    assert error.status == "RESOURCE_EXHAUSTED" and "retryDelay" in str(error.details), error
    print("refusals: the SDK reads code, status and details")
    return done


def check_gemini(base_url, key):
    client = genai.Client(api_key=key, http_options={"base_url": base_url})
    tag = f"check {time.time_ns()}"
    done = check_shared(client, tag)
    data = client.files.download(file=done.response.generated_videos[0].video)
    assert data[4:8] == b"ftyp", data[:16]
    print(f"files.download: {len(data)} bytes of MP4")

    config = types.GenerateVideosConfig(
        aspect_ratio="9:16", resolution="1080p", duration_seconds=8, number_of_videos=1, negative_prompt="rain",
        person_generation="allow_all")
    portrait = ended(client, client.models.generate_videos(model=MODEL, prompt=f"{tag} portrait", config=config))
    assert portrait.response.generated_videos[0].video.uri.startswith(base_url), portrait
    print("generate_videos: with options")

    stranger = genai.Client(api_key="not-" + key, http_options={"base_url": base_url})
    error = refused(400, lambda: stranger.models.generate_videos(model=MODEL, prompt="x"))
    assert "API_KEY_INVALID" in str(error.details), error
    print("a wrong key is refused")


def check_vertex(base_url, key_file):
    credentials = service_account.Credentials.from_service_account_file(
        key_file, scopes=["https://www.googleapis.com/auth/cloud-platform"])
    client = genai.Client(
        vertexai=True, project="sandbox", location="us-central1", credentials=credentials,
        http_options={"base_url": base_url})
    tag = f"check {time.time_ns()}"
    done = check_shared(client, tag)
    data = done.response.generated_videos[0].video.video_bytes
    assert data[4:8] == b"ftyp", data[:16]
    print(f"inline: {len(data)} bytes of MP4 in the answer")

    config = types.GenerateVideosConfig(
        aspect_ratio="16:9", resolution="1080p", duration_seconds=8, number_of_videos=1, seed=7, fps=24,
        generate_audio=False, output_gcs_uri="gs://videos/check", enhance_prompt=True)
    stored = ended(client, client.models.generate_videos(model=MODEL, prompt=f"{tag} stored", config=config))
    uri = stored.response.generated_videos[0].video.uri
    assert uri.startswith("gs://videos/check/") and uri.endswith(".mp4"), uri
    print(f"in a bucket: {uri}")

    class Stranger(service_account.Credentials):
        """Credentials whose token nobody made out."""

        def refresh(self, request):
            self.token = "ya29.nobody"

    stranger = genai.Client(
        vertexai=True, project="sandbox", location="us-central1",
        credentials=Stranger.from_service_account_file(key_file), http_options={"base_url": base_url})
    assert refused(401, lambda: stranger.models.generate_videos(model=MODEL, prompt="x")).status == "UNAUTHENTICATED"
    print("a wrong token is refused")


if __name__ == "__main__":
    checks = {"gemini": check_gemini, "vertex": check_vertex}
    if len(sys.argv) != 4 or sys.argv[1] not in checks:
        sys.exit(f"usage: {sys.argv[0]} gemini|vertex BASE_URL KEY|SERVICE_ACCOUNT_FILE")
    checks[sys.argv[1]](sys.argv[2], sys.argv[3])
    print(f"all calls of google-genai {genai.__version__} behaved in the {sys.argv[1]} form")
