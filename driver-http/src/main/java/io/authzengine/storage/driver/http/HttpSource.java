package io.authzengine.storage.driver.http;

import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Policies behind URLs: a look fetches what has changed, reading hands it over. */
final class HttpSource implements PolicySource {
    /** What there is while the source is open. */
    private record Opened(Transport transport, Hints hints, List<Remote> remotes) {}

    private final HttpConfig config;
    // All three written by the loop's calls, which follow one another; close may come from any thread.
    private volatile @Nullable Opened opened;
    private Duration age = Duration.ZERO;
    private Revision told = Revision.NONE;

    HttpSource(HttpConfig config) {
        this.config = config;
    }

    @Override
    public void open(SourceContext context) {
        HttpErrors errors = new HttpErrors(context.driverId());
        Transport transport = new Transport(config, context.context(), errors);
        Fetcher fetcher = new Fetcher(config, context.context(), transport, errors);
        List<Remote> remotes = config.urls().stream()
                .map(url -> new Remote(
                        url,
                        config,
                        fetcher,
                        errors,
                        config.signature()
                                .map(settings -> new Seal(url, settings, fetcher, errors, context.context()))))
                .toList();
        told = Revision.NONE;
        opened = new Opened(transport, new Hints(config, context, transport), remotes);
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        Opened now = opened();
        boolean takenIn = !last.isNone() && last.equals(told);
        List<Remote.Found> found = new ArrayList<>();
        for (Remote remote : now.remotes()) {
            found.add(remote.look(takenIn));
        }
        age = now.remotes().stream().map(Remote::age).max(Duration::compareTo).orElse(Duration.ZERO);
        now.hints().looked(now.remotes().get(0).validators());
        Revision revision = revision(found);
        if (takenIn && revision.equals(last)) {
            return Optional.empty();
        }
        told = revision;
        Optional<Remote.Step> step = found.size() == 1 ? found.get(0).step() : Optional.empty();
        // A step from what was fetched meanwhile, and not from what was taken in, would lose what lies between.
        return Optional.of(step.filter(known -> takenIn && known.from().equals(last.token()))
                .map(known -> Manifest.delta(last, revision, known.changed(), known.gone()))
                .orElseGet(() -> Manifest.complete(revision, all(found))));
    }

    /** The oldest counts, as all URLs are one set. */
    @Override
    public Duration age() {
        return age;
    }

    private static List<SourceEntry> all(List<Remote.Found> found) {
        return found.stream().flatMap(each -> each.entries().values().stream()).toList();
    }

    private static Revision revision(List<Remote.Found> found) {
        String digests = found.stream().map(Remote.Found::digest).collect(Collectors.joining("\n"));
        return new Revision(found.size() == 1 ? digests : Sha256.hex(digests));
    }

    /** A token is a hash of the document, made here of what the server sent. */
    @Override
    public boolean tokenLasts(SourceEntry entry) {
        return true;
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        List<Remote> remotes = opened().remotes();
        for (SourceEntry entry : wanted) {
            Optional<byte[]> content = remotes.stream()
                    .filter(remote -> remote.has(entry))
                    .findFirst()
                    .flatMap(remote -> remote.content(entry));
            if (content.isPresent()) {
                into.accept(entry, content.get());
            } else {
                into.moved(entry);
            }
        }
        remotes.forEach(Remote::release);
    }

    @Override
    public void onHint(HintListener listener) {
        opened().hints().listen(listener);
    }

    private Opened opened() {
        Opened now = opened;
        if (now == null) {
            throw new IllegalStateException("the source is not open");
        }
        return now;
    }

    @Override
    public void close() {
        Opened closing = opened;
        opened = null;
        if (closing != null) {
            closing.hints().close();
            closing.transport().close();
        }
    }
}
