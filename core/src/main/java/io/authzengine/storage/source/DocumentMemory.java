package io.authzengine.storage.source;

import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What documents said in an earlier process, as far as their tokens still vouch for it. */
final class DocumentMemory {
    private final PolicySource source;
    private final String driverId;
    private final DocumentCache cache;
    private final String reading;

    DocumentMemory(PolicySource source, SourceContext context, ParserLimits limits) {
        this.source = source;
        this.driverId = context.driverId();
        this.cache = context.context().documents();
        this.reading = PolicyParser.READING + " " + limits;
    }

    /** Returns what is remembered of those of {@code wanted} of which {@code table} knows nothing: what was read since counts more. */
    Map<String, DocumentCache.Document> recall(List<SourceEntry> wanted, LocationTable table) {
        Map<String, DocumentCache.Document> remembered = new HashMap<>();
        if (cache.equals(DocumentCache.NONE)) {
            return remembered;
        }
        for (SourceEntry entry : wanted) {
            boolean unknown = table.at(entry.location()).equals(LocationState.UNKNOWN);
            if (unknown && lasts(entry)) {
                cache.find(driverId, reading, entry.location(), entry.token())
                        .ifPresent(document -> remembered.put(entry.location(), document));
            }
        }
        return remembered;
    }

    /** Writes down what a look has found, so that a later process may recall it. */
    void keep(LocationTable.Diff diff, Map<String, LocationState> updated) {
        if (cache.equals(DocumentCache.NONE)) {
            return;
        }
        Map<String, DocumentCache.Document> taken = new HashMap<>();
        Set<String> gone = new HashSet<>(diff.gone());
        gone.addAll(updated.keySet());
        for (SourceEntry entry : diff.toRead()) {
            LocationState state = updated.get(entry.location());
            if (state != null && isRight(state, entry) && lasts(entry)) {
                taken.put(
                        entry.location(),
                        new DocumentCache.Document(entry.token(), state.policies(), state.warnings()));
                gone.remove(entry.location());
            }
        }
        cache.keep(driverId, reading, taken, gone);
    }

    /** What the backend contradicts itself about is read anew by each process, so that it goes on being said. */
    private static boolean isRight(LocationState state, SourceEntry entry) {
        return state.error().isEmpty()
                && state.doubts().isEmpty()
                && state.token().equals(entry.token());
    }

    private boolean lasts(SourceEntry entry) {
        return !entry.token().isEmpty() && source.tokenLasts(entry);
    }
}
