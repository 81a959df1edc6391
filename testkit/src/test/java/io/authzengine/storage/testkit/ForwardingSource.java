package io.authzengine.storage.testkit;

import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A source that does what another does, but for what a mutant does in its own way. */
class ForwardingSource implements PolicySource {
    final PolicySource source;

    ForwardingSource(PolicySource source) {
        this.source = source;
    }

    @Override
    public void open(SourceContext context) {
        source.open(context);
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        return source.manifest(last);
    }

    @Override
    public Duration age() {
        return source.age();
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        source.read(at, wanted, into);
    }

    @Override
    public void onHint(HintListener listener) {
        source.onHint(listener);
    }

    @Override
    public void close() {
        source.close();
    }
}
