#!/usr/bin/env python3
"""Searches a built site in Chromium and holds the hits against the pages themselves.

  postil build SITE --out OUT && benches/search.py OUT [--queries 500] [--common 20]

Random pieces of the texts (2 to 6 Han characters, words, beginnings of words, both mixed) and the commonest
pairs of Han characters are asked for, and each query is paged to its end: how many passages are missed, how many
hits are false, and how many bytes are loaded until ten hits are shown, of the index and all together. With
--bytes-only nothing is held against the pages, which is all that a very large site allows in reasonable time.

Only Python's own library, chromium and chromedriver. The truth is taken from the pages' HTML and compared by rules that are written down again here, not taken from the program.
"""
import argparse, collections, functools, html, http.server, json, os, random, re, socket, statistics
import subprocess, sys, tempfile, threading, time, unicodedata, urllib.request

HAN = re.compile(r"[\u3400-\u9fff]")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


# A title, a section's heading, a block. Blocks of generated transcripts hold no others of their own kind.
PASSAGE = re.compile(r'<(?P<title>h1)>(?P<a>.*?)</h1>|<h[2-6] class="sec"(?: id="(?P<section>[^"]*)")?[^>]*>(?P<b>.*?)</h[2-6]>|'
                     r'<(?P<tag>\w+) id="(?P<block>p-[^"]*)"[^>]*>(?P<c>.*?)</(?P=tag)>', re.S)
QUIET = re.compile(r'<sup.*?</sup>|<span class="no">.*?</span>', re.S)


def found(page):
    """The passages of a page: anchor and text."""
    for match in PASSAGE.finditer(page):
        words = QUIET.sub("", match["a"] or match["b"] or match["c"] or "")
        text = html.unescape(re.sub(r"<[^>]*>", "", words.replace("<br>", " "))).strip()
        if text:
            yield html.unescape(match["section"] or match["block"] or ""), text


def plain(text):
    """A text as a reader compares it: capitals, accents, width and blanks beside Han do not count."""
    text = unicodedata.normalize("NFKD", text).lower()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = " ".join(text.split())
    text = re.sub(r"(?<=[\u3400-\u9fff]) (?=[a-z0-9])", "", text)
    return re.sub(r"(?<=[a-z0-9]) (?=[\u3400-\u9fff])", "", text)


def has(text, query):
    """Anywhere, but with Latin letters only where a word begins."""
    word = re.match(r"[a-z0-9]", query)
    at = text.find(query)
    while at >= 0:
        if not word or at == 0 or not re.match(r"[a-z0-9]", text[at - 1]):
            return True
        at = text.find(query, at + 1)
    return False


def passages(out):
    """All texts, and the address of each: page and anchor."""
    texts, addresses = [], []
    for folder, _, files in sorted(os.walk(out)):
        if os.path.relpath(folder, out).split(os.sep)[0] in ("speakers", "glossary", "tags", "search", "archive", "series", "assets", "page"):
            continue
        for name in sorted(files):
            path = os.path.join(folder, name)
            if name.endswith(".html") and "<body class=\"transcript\">" in (page := open(path, encoding="utf-8").read()):
                name = os.path.relpath(path, out)
                for anchor, text in found(page):
                    texts.append(text)
                    addresses.append(f"{name}#{anchor}")
    return texts, addresses


def pieces(texts, count, dice):
    """Random queries: of Han, of words and their beginnings, of both."""
    queries = []
    han = any(re.search(r"[\u3400-\u9fff]{2}", text) for text in texts)
    kinds = (0, 1, 2) if han else (1,)
    while len(queries) < count:
        text = dice.choice(texts)
        kind = kinds[len(queries) % len(kinds)]
        if kind == 0:
            runs = re.findall(r"[\u3400-\u9fff]{2,}", text)
            if runs:
                run = dice.choice(runs)
                size = dice.randint(2, min(6, len(run)))
                at = dice.randint(0, len(run) - size)
                queries.append(run[at:at + size])
        elif kind == 1:
            words = re.findall(r"(?<![A-Za-z0-9'’.+#-])[A-Za-z]{3,}(?![A-Za-z0-9])", text)
            if words:
                word = dice.choice(words)
                queries.append(word[:dice.randint(2, len(word))] if dice.random() < .5 else word)
        else:
            mixed = re.findall(r"[\u3400-\u9fff]{1,3} ?[A-Za-z]{2,} ?[\u3400-\u9fff]{0,3}", text)
            if mixed:
                queries.append(dice.choice(mixed).replace(" ", ""))
            elif dice.random() < .02:
                queries.append(dice.choice(re.findall(r"[\u3400-\u9fff]{2}", text) or ["model"]))
    return queries


class Counting(http.server.SimpleHTTPRequestHandler):
    """Serves the output and counts what it sends."""
    sent = collections.Counter()
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def copyfile(self, source, to):
        data = source.read()
        Counting.sent[self.path.split("?")[0]] += len(data)
        to.write(data)


class Browser:
    """A Chromium by way of its driver."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                self.call("GET", "/status")
                break
            except OSError:
                time.sleep(.1)
        options = {"args": FLAGS + [f"--user-data-dir={self.profile.name}"]}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options, "timeouts": {"script": 600_000}}}})
        self.session = f"/session/{answer['sessionId']}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=660) as answer:
            return json.load(answer)["value"]

    def goto(self, url):
        self.call("POST", self.session + "/url", {"url": url})

    def ask(self, script, *arguments):
        return self.call("POST", self.session + "/execute/async", {"script": script, "args": list(arguments)})

    def close(self):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()


READY = "const done = arguments[0]; const look = () => document.querySelector('.finder').search ? done(true) : setTimeout(look, 20); look()"
FIRST = """const [query, done] = arguments; const page = document.querySelector('.finder');
    page.querySelector('form').elements.q.value = query;
    page.search.ask().then(() => done(page.search.now() ? page.search.now().hits.length : -1), e => done('' + e))"""
REST = """const done = arguments[0]; const page = document.querySelector('.finder'); const run = page.search.now();
    run.next(1e9).then(() => { done([run.ended(), run.hits.map(hit => decodeURI(hit.document.h) + '#' + hit.id)]) }, e => done(['' + e, []]))"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out")
    arguments.add_argument("--queries", type=int, default=500)
    arguments.add_argument("--common", type=int, default=20)
    arguments.add_argument("--bytes-only", action="store_true")
    given = arguments.parse_args()
    texts, addresses = passages(given.out)
    dice = random.Random(20261120)
    pairs = collections.Counter()
    for text in texts if len(texts) < 200_000 else dice.sample(texts, 200_000):
        pairs.update(text[at:at + 2] for at in range(len(text) - 1) if HAN.match(text[at]) and HAN.match(text[at + 1]))
    common = [pair for pair, _ in pairs.most_common(given.common)]
    queries = pieces(texts, given.queries, dice) + common
    folded = [] if given.bytes_only else [plain(text) for text in texts]
    print(f"{len(texts)} passages, {len(queries)} queries", flush=True)
    handler = functools.partial(Counting, directory=given.out)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/search/index.html"
    # One with an empty cache for what a first query loads, one that keeps the texts for what is found.
    browser, reader = Browser(), None if given.bytes_only else Browser()
    checked = missed = false = failed = total = 0
    started = time.monotonic()
    loaded, loaded_common, asked, largest = [], [], [], 0
    try:
        if reader:
            reader.goto(home)
            reader.ask(READY)
        for at, query in enumerate(queries):
            browser.goto("about:blank")
            browser.call("POST", browser.session + "/goog/cdp/execute", {"cmd": "Network.clearBrowserCache", "params": {}})
            browser.goto(home)
            browser.ask(READY)
            Counting.sent.clear()
            first = browser.ask(FIRST, query)
            of_index = sum(size for path, size in Counting.sent.items() if path.startswith("/search/"))
            largest = max([largest, *Counting.sent.values()])
            (loaded_common if at >= given.queries else loaded).append(of_index)
            parts = collections.Counter(path.split("/")[2][:1] for path in Counting.sent if path.startswith("/search/"))
            asked.append((of_index, query, first, parts["i"], parts["t"]))
            if not isinstance(first, int):
                failed += 1
                print(f"  {query}: {first}")
            if given.bytes_only:
                continue
            reader.ask(FIRST, query)
            ended, hits = reader.ask(REST)
            checked += 1
            wanted = plain(query)
            # A passage that is named twice would be a false one too.
            expected = collections.Counter({address: 1 for text, address in zip(folded, addresses) if has(text, wanted)})
            got = collections.Counter(hits)
            lost, extra = expected - got, got - expected
            missed += sum(lost.values())
            false += sum(extra.values())
            total += sum(expected.values())
            if checked % 50 == 0:
                print(f"{checked} queries, {time.monotonic() - started:.0f} s: {total} passages, {missed} missed, {false} false", flush=True)
            if ended is not True or lost or extra:
                print(f"  {query}: ended {ended}, {sum(lost.values())} missed, {sum(extra.values())} false", list(lost)[:1], list(extra)[:1], flush=True)
    finally:
        browser.close()
        if reader:
            reader.close()
        server.shutdown()
    print(f"failed {failed}" if given.bytes_only else f"of {total} passages missed {missed}, false {false}, failed {failed}")
    for name, sizes in (("random", loaded), ("commonest", loaded_common)):
        if sizes:
            print(f"bytes until ten hits, {name}: median {statistics.median(sizes):,.0f}, max {max(sizes):,}")
    over = sum(size > 300_000 for size, *_ in asked)
    print(f"over 300,000 bytes: {over} of {len(asked)}; the largest:")
    for size, query, first, keys, texts in sorted(asked, key=lambda one: -one[0])[:5]:
        print(f"  {query}: {size:,} bytes, {keys} files of keys, {texts} of texts, {first} hits")
    print(f"largest file loaded: {largest:,}")
    index = [os.path.getsize(os.path.join(f, n)) for f, _, ns in os.walk(os.path.join(given.out, "search")) for n in ns]
    pages = sum(os.path.getsize(os.path.join(f, n)) for f, _, ns in os.walk(given.out) for n in ns) - sum(index)
    print(f"index: {len(index)} files, {sum(index):,} bytes, {sum(index) / pages:.2f} of all else, largest {max(index):,}")
    return 1 if missed or false or failed else 0


sys.exit(main())
