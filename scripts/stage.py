"""What scripts/acceptance and scripts/torture share: a sandbox, nodes over one database, customers, the last account.

Uses nothing outside Python's own library.
"""
import atexit
import base64
import collections
import concurrent.futures
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

SCRIPTS = os.path.dirname(os.path.abspath(__file__))
PSQL = os.environ.get("RUSHES_POSTGRES_BINARIES", "/usr/lib/postgresql/15/bin") + "/psql"
PRICE = 490_000

# Marker -> the failure type that its tasks end with; None for success.
ENDINGS = {
    "[sim:429]": None,
    "[sim:drop]": None,
    "[sim:slow=8]": None,
    "[sim:fail]": "provider_error",
    "[sim:500]": "provider_error",
    "[sim:moderation]": "moderated",
    "[sim:corrupt]": "storage_error",
    "[sim:truncated]": "storage_error",
    "[sim:timeout]": "timed_out",
    "[sim:unknown-status]": "timed_out",
    "[sim:late]": "timed_out",
}
# Without those that last until the deadline.
QUICK_ENDINGS = {marker: ending for marker, ending in ENDINGS.items() if ending != "timed_out"}

failures = []


def expect(condition, message):
    if not condition:
        failures.append(message)
        print(f"  WRONG: {message}", flush=True)


def say(message):
    print(f"  {message}", flush=True)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def sheet(prompts, markers, name="", endings=None):
    """CSV with `markers` marked rows of every kind spread evenly over plain ones, and the expected ending of each row."""
    endings = endings or ENDINGS
    kinds = list(endings)
    step = prompts // markers if markers else 1
    marked = {number * step: kinds[number % len(kinds)] for number in range(markers)}
    rows, wanted = ["custom_id,prompt"], {}
    for number in range(prompts):
        marker = marked.get(number, "")
        row = f"row-{number:05}"
        rows.append(f'{row},"A paper boat on a canal, {name} no. {number} {marker}"')
        wanted[row] = endings.get(marker)
    return "\n".join(rows).encode(), wanted


class Cluster:
    """A PostgreSQL of our own that keeps what it commits, with a database and a login for every node."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="rushes-torture-postgres-", dir="/var/tmp")
        atexit.register(self.remove)
        self.maintenance_url = self.control("start").strip()
        self.sql("CREATE DATABASE rushes ENCODING 'UTF8' TEMPLATE template0", database="postgres")
        self.url = self.url_of("rushes")

    def control(self, verb):
        environment = dict(os.environ, RUSHES_POSTGRES_DURABLE="1")
        done = subprocess.run(
            [SCRIPTS + "/postgres", verb, self.folder], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def url_of(self, database, user=None):
        scheme, rest = self.maintenance_url.split("://")
        login, rest = rest.split("@")
        name, password = login.split(":")
        return f"{scheme}://{user or name}:{password}@{rest.rsplit('/', 1)[0]}/{database}"

    def login(self, name, group):
        """The URL of a login of its own: what it writes can be told from what others write. A member of `group`, or a
        superuser when there is none."""
        password = self.maintenance_url.split("://")[1].split("@")[0].split(":")[1]
        right = f"IN ROLE {group}" if group else "SUPERUSER"
        self.sql(f"CREATE ROLE {name} LOGIN PASSWORD '{password}' {right}")
        return self.url_of("rushes", user=name)

    def sql(self, statement, database="rushes"):
        """The rows of a statement as lists of texts."""
        done = subprocess.run(
            [PSQL, "-X", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", self.url_of(database), "-c", statement],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"psql: {done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def restart_immediate(self):
        self.control("restart-immediate")

    def remove(self):
        if os.path.isdir(self.folder):
            self.control("stop")
            shutil.rmtree(self.folder, ignore_errors=True)


class Node:
    """One `rushes serve` process that can be killed, stopped, continued and started again at the same address."""

    def __init__(self, stage, name, role, database_url=None):
        self.stage, self.name, self.role = stage, name, role
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.data_folder = f"{stage.folder}/{name}"
        self.log_path = f"{stage.folder}/{name}.log"
        self.environment = dict(stage.environment, RUSHES_DATA_DIR=self.data_folder)
        if database_url:
            self.environment["RUSHES_DATABASE_URL"] = database_url
        self.process = None
        self.is_frozen = False

    def start(self):
        arguments = ["serve", "--listen", f"127.0.0.1:{self.port}"]
        if self.stage.cluster:
            arguments += ["--role", self.role]
        self.process = self.stage.launch(self.log_path, self.environment, *arguments)

    def wait_until_ready(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(self.base_url + "/readyz", timeout=5).read()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self.process.poll() is not None:
                    raise SystemExit(f"{self.name} ended at start; see {self.log_path}")
                time.sleep(0.05)
        raise SystemExit(f"{self.name} does not become ready; see {self.log_path}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self):
        self.is_frozen = True
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)
        self.is_frozen = False

    def log_lines(self, text, offset=0):
        """How many lines of the log contain a text, after a number of bytes."""
        with open(self.log_path, "rb") as log:
            log.seek(offset)
            return sum(1 for line in log if text.encode() in line)

    def log_size(self):
        return os.path.getsize(self.log_path)


class Stage:
    """A sandbox and nodes as processes of their own: one node with everything on SQLite, any number on PostgreSQL."""

    def __init__(self, binary, speed, deadline_seconds, slots, workers=0, apis=0, audit=None):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="rushes-stage-", dir="/var/tmp")
        self.processes = []
        atexit.register(self.stop)
        self.cluster = Cluster() if workers else None
        self.sandbox_port = free_port()
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("RUSHES_")}
        # What is tortured are tasks and money; a process for each of ten thousand videos would only slow it down.
        self.environment["RUSHES_MEDIA"] = "off"
        # Receivers are on loopback; the key of their secrets is the same for all nodes.
        self.environment["RUSHES_WEBHOOKS_ALLOW_PRIVATE"] = "on"
        self.environment["RUSHES_WEBHOOKS_KEY"] = base64.b64encode(os.urandom(32)).decode()
        self.environment.update(
            RUSHES_OPENAI_BASE_URL=f"http://127.0.0.1:{self.sandbox_port}/v1", RUSHES_OPENAI_API_KEY="sandbox")
        self.answers, self.answers_lock = collections.Counter(), threading.Lock()
        self.sandbox = self.launch(
            self.folder + "/sandbox.log", self.environment, "sandbox", "--listen", f"127.0.0.1:{self.sandbox_port}",
            "--speed", str(speed), "--data-dir", self.folder + "/sandbox")
        self.operator_environment = dict(self.environment)
        if self.cluster:
            self.make_nodes(workers, apis, audit)
        else:
            self.nodes = [Node(self, "node", "all")]
            self.operator_environment["RUSHES_DATA_DIR"] = self.nodes[0].data_folder
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.wait_until_ready()
        self.apply_limits(deadline_seconds, slots)

    @property
    def apis(self):
        return [node for node in self.nodes if node.role != "worker"]

    @property
    def workers(self):
        return [node for node in self.nodes if node.role != "api"]

    def make_nodes(self, workers, apis, audit):
        """The owner brings the schema; every node has a login that owns nothing."""
        for environment in (self.environment, self.operator_environment):
            environment["RUSHES_BLOB_DIR"] = self.folder + "/videos"
        self.operator_environment["RUSHES_DATABASE_URL"] = self.cluster.url
        group = None
        if "--application-role" in self.run("migrate", "--help"):
            group = "rushes_application"
            self.cluster.sql(f"CREATE ROLE {group} NOLOGIN")
            self.run("migrate", "--application-role", group)
        else:
            self.run("migrate")
        if audit:
            self.cluster.sql(audit)
        names = [("worker", n) for n in range(1, workers + 1)] + [("api", n) for n in range(1, apis + 1)]
        self.nodes = [
            Node(self, f"{role}_{number}", role, self.cluster.login(f"{role}_{number}", group))
            for role, number in names]

    def apply_limits(self, deadline_seconds, slots):
        catalogue = self.admin("admin", "catalog", "show")
        for model in catalogue["models"]:
            if model["id"] == "sora-2":
                model["deadline_seconds"] = deadline_seconds
            model["route"].update(max_in_flight=slots, creates_per_minute=12_000)
        path = self.folder + "/catalog.json"
        with open(path, "w") as file:
            json.dump(catalogue, file)
        self.admin("admin", "catalog", "apply", path)

    def launch(self, log_path, environment, *arguments):
        with open(log_path, "ab") as log:
            process = subprocess.Popen(
                [self.binary, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder)
        self.processes.append(process)
        return process

    def run(self, *arguments):
        done = subprocess.run(
            [self.binary, *arguments], env=self.operator_environment, capture_output=True, text=True, check=False,
            cwd=self.folder)
        if done.returncode != 0 and not done.stdout:
            raise SystemExit(f"rushes {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def admin(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def customer(self, name, reference, seed=0, package="pack_2000"):
        account = self.admin("admin", "org", "create", name)
        self.admin("admin", "purchase", account["organization_id"], "--package", package, "--reference", reference)
        return Customer(self, name, account["api_key"], seed)

    def counters(self, is_summary=False):
        url = f"http://127.0.0.1:{self.sandbox_port}/_sandbox/counters" + ("?summary=true" if is_summary else "")
        return json.loads(urllib.request.urlopen(url, timeout=60).read())

    def count_answer(self, code):
        with self.answers_lock:
            self.answers[code] += 1

    def stop(self):
        """Ends every process, kindly first; the logs stay when something was wrong."""
        running = [process for process in self.processes if process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 35
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []
        if getattr(self, "cluster", None):
            self.cluster.remove()
        if not os.path.isdir(self.folder):
            return
        if failures or sys.exc_info()[0] not in (None, SystemExit):
            print(f"  the logs are in {self.folder}", flush=True)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


class Customer:
    """An organization's program: sends to any API node, and sends again when the answer is lost."""

    def __init__(self, stage, name, key, seed):
        self.stage, self.name, self.key = stage, name, key
        self.chance = random.Random(f"{seed} {name}")

    def call(self, path, body=None, content_type=None, patience_seconds=180):
        end = time.monotonic() + patience_seconds
        while time.monotonic() < end:
            request = urllib.request.Request(self.chance.choice(self.stage.apis).base_url + path, data=body)
            request.add_header("Authorization", "Bearer " + self.key)
            if content_type:
                request.add_header("Content-Type", content_type)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    text = answer.read()
                    self.stage.count_answer(answer.status)
                    return text
            except urllib.error.HTTPError as error:
                self.stage.count_answer(error.code)
                if error.code not in (429, 503):
                    raise SystemExit(f"{path}: HTTP {error.code}: {error.read().decode()}")
            # HTTPException: a node that is killed in the middle of its answer.
            except (OSError, urllib.request.http.client.HTTPException):
                self.stage.count_answer("no answer")
            time.sleep(0.1)
        raise SystemExit(f"{path}: no answer within {patience_seconds} s")

    def get(self, path):
        return json.loads(self.call(path))

    def pages(self, path):
        items, cursor = [], None
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=100" + (f"&cursor={cursor}" if cursor else ""))
            items += page["data"]
            cursor = page["next_cursor"]
            if not cursor:
                return items

    def submit(self, csv, name):
        return json.loads(self.call(f"/v1/batches?request_id={name}&model=sora-2&name={name}", csv, "text/csv"))

    def batch(self, batch_id):
        return self.get(f"/v1/batches/{batch_id}")

    def tasks(self, batch_id):
        return self.pages(f"/v1/batches/{batch_id}/tasks")

    def follow(self, batch_id, seconds, pause=0.5):
        start = last = time.monotonic()
        while time.monotonic() - start < seconds:
            state = self.batch(batch_id)
            if state["finished_at"]:
                return state
            if time.monotonic() - last > 15:
                last = time.monotonic()
                say(f"{int(last - start)} s: {state['counts']}")
            time.sleep(pause)
        raise SystemExit(f"{batch_id} has not ended after {seconds} s: {state['counts']}")


class Account:
    """The last account over all customers: endings, money, submissions, invariants."""

    def __init__(self, stage):
        self.stage = stage
        self.found = collections.Counter()
        self.unlucky = 0

    def verify(self, customers):
        """`customers` maps each to its batches: the id and the wanted ending of every row."""
        everything = []
        for customer, batches in customers.items():
            charged = 0
            for batch_id, endings in batches.items():
                batch, tasks = customer.batch(batch_id), customer.tasks(batch_id)
                self.verify_batch(customer, batch, tasks, endings)
                charged += batch["charged_micros"]
                everything += [(customer, task) for task in tasks]
            self.verify_wallet(customer, charged)
        say(f"{len(everything)} tasks ended: {dict(sorted(self.found.items()))}")
        if self.unlucky:
            say(f"{self.unlucky} of them failed as the cost policy says, after two creates of unknown outcome")
        self.verify_submissions(everything)
        check = self.stage.admin("check")
        expect(check["ok"], f"rushes check: {check['violations'][:5]}")
        say(f"rushes check: {'ok' if check['ok'] else 'VIOLATIONS'}, {len(check['checked'])} invariants")

    def verify_batch(self, customer, batch, tasks, endings):
        name = f"{customer.name} {batch['name']}"
        expect(batch["finished_at"], f"{name}: has not ended")
        expect(len(tasks) == len(endings), f"{name}: {len(tasks)} tasks of {len(endings)}")
        successes = 0
        for task in tasks:
            wanted = endings[task["custom_id"]]
            ending = (task["failure"] or {}).get("type")
            self.found[ending or "succeeded"] += 1
            successes += ending is None
            if ending != wanted and ending == "provider_error" and self.is_unlucky(customer, task):
                self.unlucky += 1
            else:
                expect(ending == wanted, f"{name}: {task['id']} {task['prompt']}: ended {ending}, not {wanted}")
            expect(
                task["charged_micros"] == (0 if ending else PRICE),
                f"{name}: {task['id']}: charged {task['charged_micros']}")
        counts = {"total": len(endings), "queued": 0, "running": 0, "succeeded": successes,
                  "failed": len(endings) - successes}
        expect(batch["counts"] == counts, f"{name}: counts {batch['counts']}, not {counts}")
        expect(batch["frozen_micros"] == len(endings) * PRICE, f"{name}: frozen {batch['frozen_micros']}")
        expect(batch["charged_micros"] == successes * PRICE, f"{name}: charged {batch['charged_micros']}")
        expect(
            batch["refunded_micros"] == (len(endings) - successes) * PRICE,
            f"{name}: refunded {batch['refunded_micros']}")
        expect(batch["held_micros"] == 0, f"{name}: held {batch['held_micros']}")

    def is_unlucky(self, customer, task):
        """Two creates whose outcome nobody could find out: one blind resubmission is all that the policy pays for."""
        history = customer.get(f"/v1/tasks/{task['id']}")["attempt_history"]
        return sum(1 for attempt in history if attempt["outcome"] == "unknown") >= 2

    def verify_wallet(self, customer, charged):
        wallet = customer.get("/v1/wallet")
        granted = sum(lot["face_micros"] for lot in wallet["lots"])
        expect(wallet["held_micros"] == 0, f"{customer.name}: held {wallet['held_micros']}")
        expect(
            granted == wallet["available_micros"] + charged,
            f"{customer.name}: granted {granted} is not available {wallet['available_micros']} + charged {charged}")

    def verify_submissions(self, everything):
        counters = self.stage.counters()
        by_attempt, by_task = counters["submissions_per_attempt"], counters["submissions_per_task"]
        repeated = [attempt for attempt, count in by_attempt.items() if count > 1]
        expect(not repeated, f"one attempt was submitted twice: {repeated[:5]}")
        known = {task["id"] for _, task in everything}
        expect(not set(by_task) - known, f"the provider has tasks of nobody: {list(set(by_task) - known)[:5]}")
        several = [
            (customer, task) for customer, task in everything
            if task["attempts"] > 1 or by_task.get(task["id"], 0) > 1]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            histories = list(pool.map(lambda pair: pair[0].get(f"/v1/tasks/{pair[1]['id']}"), several))
        explained, unpaid = collections.Counter(), 0
        for task in histories:
            history = task["attempt_history"]
            refused = [n for n, attempt in enumerate(history, 1) if attempt["outcome"] == "not_accepted"]
            for number in refused:
                expect(
                    f"{task['id']}:{number}" not in by_attempt,
                    f"{task['id']}: attempt {number} counts as not accepted, but the provider has its job")
            unpaid += sum(
                1 for n, attempt in enumerate(history, 1)
                if attempt["outcome"] == "unknown" and f"{task['id']}:{n}" in by_attempt)
            if by_task.get(task["id"], 0) < 2:
                continue
            outcomes = [attempt["outcome"] for attempt in history[:-1] if attempt["outcome"] != "not_accepted"]
            expect(
                all(outcome in ("unknown", "failed") for outcome in outcomes),
                f"{task['id']} was submitted again after {outcomes}")
            explained.update(outcomes)
        say(
            f"sandbox: {counters['creates_accepted']} accepted for {len(everything)} tasks, "
            f"{counters['creates_dropped']} answers dropped, peak {counters['running_peak']} running, "
            f"second submissions after {dict(explained)}, {unpaid} jobs that nobody adopted")
