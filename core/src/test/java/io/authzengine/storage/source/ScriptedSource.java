package io.authzengine.storage.source;

import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A backend in a map that fails, blocks and lies as a test tells it to. The content of a document is its token. */
final class ScriptedSource implements PolicySource {
    /** What is done instead of, or before, answering a call. */
    interface Script {
        void run() throws Exception;
    }

    static final Script NOTHING = () -> {};

    final Map<String, String> documents = new TreeMap<>();
    final Map<String, String> refused = new TreeMap<>();
    final Set<String> unreadable = new HashSet<>();
    final Set<String> forgotten = new HashSet<>();
    final List<String> calls = new ArrayList<>();
    Script onOpen = NOTHING;
    Script onManifest = NOTHING;
    Script onRead = NOTHING;
    Script onWatch = NOTHING;
    Script onClose = NOTHING;
    /** Called before each entry is handed on. */
    Script onEntry = NOTHING;
    /** What becomes of a document on its way, under the token it has. */
    UnaryOperator<String> damage = UnaryOperator.identity();
    /** How often the next entries that are read are said to have moved. */
    int moves;

    /** How old each answer is already. */
    Duration age = Duration.ZERO;

    boolean hasRevisions = true;
    boolean hasTokens = true;
    /** Answers in place of the source, if set. */
    @Nullable
    BiFunction<Revision, Manifest, Optional<Manifest>> answer;

    @Nullable
    HintListener hints;

    int maxCallsAtOnce;
    private int callsAtOnce;
    private int edits = 1;

    ScriptedSource put(String location, String text) {
        documents.put(location, text);
        edits++;
        return this;
    }

    ScriptedSource remove(String location) {
        documents.remove(location);
        edits++;
        return this;
    }

    /** Makes {@code script} that of opening, listing and reading. */
    void always(Script script) {
        onOpen = script;
        onManifest = script;
        onRead = script;
    }

    void heal() {
        always(NOTHING);
    }

    static Script unreachable() {
        return () -> {
            throw new ConnectionFailedException(Problem.in("test", "nobody answers"));
        };
    }

    static Script throwing(Throwable failure) {
        return () -> ScriptedSource.<RuntimeException>sneak(failure);
    }

    @SuppressWarnings("unchecked") // Any throwable may come out of a driver, declared or not.
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    Revision revision() {
        return hasRevisions ? new Revision("r" + edits) : Revision.NONE;
    }

    /** Returns how many calls are called {@code name}. */
    long count(String name) {
        return calls.stream()
                .filter(call -> call.equals(name) || call.startsWith(name + " "))
                .count();
    }

    void hint() {
        HintListener listener = hints;
        if (listener != null) {
            listener.lookNow();
        }
    }

    @Override
    public void open(SourceContext context) {
        calls.add("open");
        run(onOpen);
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        calls.add("manifest");
        run(onManifest);
        Manifest now = manifest();
        if (answer != null) {
            return answer.apply(last, now);
        }
        return !last.isNone() && last.equals(now.revision()) ? Optional.empty() : Optional.of(now);
    }

    /** Returns what there is now. */
    Manifest manifest() {
        List<SourceEntry> entries = documents.entrySet().stream()
                .map(entry -> SourceEntry.of(entry.getKey(), hasTokens ? entry.getValue() : ""))
                .toList();
        List<Manifest.Refused> mustNotBeRead = refused.entrySet().stream()
                .map(entry -> new Manifest.Refused(entry.getKey(), entry.getValue()))
                .toList();
        return Manifest.complete(revision(), entries).refusing(mustNotBeRead);
    }

    @Override
    public Duration age() {
        return age;
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        calls.add("read "
                + String.join(",", wanted.stream().map(SourceEntry::location).toList()));
        run(onRead);
        for (SourceEntry entry : wanted) {
            run(onEntry);
            String location = entry.location();
            String text = documents.get(location);
            if (forgotten.contains(location)) {
                continue;
            }
            boolean isAsListed = text != null && (!hasTokens || text.equals(entry.token()));
            if (text == null || !isAsListed || moves > 0) {
                moves = Math.max(0, moves - 1);
                into.moved(entry);
            } else if (unreadable.contains(location)) {
                into.failed(
                        entry,
                        new ConnectionFailedException(
                                Problem.in("test", "cannot be read").at(location)));
            } else {
                into.accept(entry, damage.apply(text).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void onHint(HintListener listener) {
        calls.add("watch");
        hints = listener;
        run(onWatch);
    }

    @Override
    public void close() {
        calls.add("close");
        try {
            onClose.run();
        } catch (Exception e) {
            ScriptedSource.<RuntimeException>sneak(e);
        }
    }

    private void run(Script script) {
        callsAtOnce++;
        maxCallsAtOnce = Math.max(maxCallsAtOnce, callsAtOnce);
        try {
            script.run();
        } catch (Exception e) {
            if (e instanceof StorageException known) {
                throw known;
            }
            ScriptedSource.<RuntimeException>sneak(e);
        } finally {
            callsAtOnce--;
        }
    }
}
