package io.authzengine.storage.benchmarks;

import io.authzengine.storage.benchmarks.corpus.Document;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A backend that costs nothing, so that what is measured is what lies above it. Thread-safe. */
final class MemorySource implements PolicySource {
    /** What it says of a change. */
    enum Answer {
        /** Which document it was. */
        DELTA(1_000),
        /** Everything there is. */
        LISTING(100);

        private final int changes;

        Answer(int changes) {
            this.changes = changes;
        }

        /** Returns how many changes are enough to measure it by. */
        int changes() {
            return changes;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Answer answer;
    // All below are guarded by this.
    private final List<SourceEntry> entries = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<byte[]> texts = new ArrayList<>();
    private final List<Integer> edited = new ArrayList<>();
    private long revision = 1;
    private @Nullable HintListener listener;

    MemorySource(List<Document> documents, Answer answer) {
        this.answer = answer;
        for (Document document : documents) {
            numbers.put(document.path(), entries.size());
            entries.add(SourceEntry.of(document.path(), "0"));
            texts.add(document.text().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Changes one document, without a hint. */
    synchronized void edit(int number) {
        String text = new String(texts.get(number), StandardCharsets.UTF_8);
        int mark = text.lastIndexOf("# revision ");
        String changed = (mark < 0 ? text : text.substring(0, mark)) + "# revision " + ++revision + "\n";
        texts.set(number, changed.getBytes(StandardCharsets.UTF_8));
        entries.set(number, SourceEntry.of(entries.get(number).location(), Long.toString(revision)));
        edited.add(number);
    }

    /** Says that it is worth a look. */
    void hint() {
        HintListener told;
        synchronized (this) {
            told = listener;
        }
        if (told != null) {
            told.lookNow();
        }
    }

    @Override
    public void open(SourceContext context) {}

    @Override
    public synchronized Optional<Manifest> manifest(Revision last) {
        Revision now = new Revision(Long.toString(revision));
        if (now.equals(last)) {
            return Optional.empty();
        }
        List<SourceEntry> changed = edited.stream().distinct().map(entries::get).toList();
        edited.clear();
        return Optional.of(
                last.equals(Revision.NONE) || answer == Answer.LISTING
                        ? Manifest.complete(now, entries)
                        : Manifest.delta(last, now, changed, Set.of()));
    }

    @Override
    public synchronized void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        for (SourceEntry entry : wanted) {
            into.accept(entry, texts.get(numbers.getOrDefault(entry.location(), 0)));
        }
    }

    @Override
    public synchronized void onHint(HintListener told) {
        listener = told;
    }

    @Override
    public synchronized void close() {
        listener = null;
    }
}
