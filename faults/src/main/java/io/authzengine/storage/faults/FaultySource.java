package io.authzengine.storage.faults;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A source under faults. */
final class FaultySource implements PolicySource {
    private final PolicySource source;
    private final CallGate gate;
    private final EventGate hints;

    FaultySource(PolicySource source, CallGate gate) {
        this.source = source;
        this.gate = gate;
        this.hints = new EventGate(gate);
    }

    @Override
    public void open(SourceContext context) {
        gate.reconnect();
        told(() -> gate.connect("open", () -> {
            source.open(context);
            return true;
        }));
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        return told(() -> gate.call("manifest", 0, () -> source.manifest(last)));
    }

    @Override
    public Duration age() {
        return source.age();
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        told(() -> gate.call("read", 0, () -> {
            FaultySink sink = new FaultySink(into, gate);
            source.read(at, wanted, sink);
            sink.throwIfFailed();
            return true;
        }));
    }

    @Override
    public void onHint(HintListener listener) {
        source.onHint(new FaultyHints(listener, hints));
    }

    @Override
    public boolean tokenLasts(SourceEntry entry) {
        return source.tokenLasts(entry);
    }

    @Override
    public void close() {
        source.close();
    }

    private static <T> T told(Callable<T> call) {
        try {
            return call.call();
        } catch (InjectedFailure e) {
            throw e.asStorage();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a source throws no checked exception", e);
        }
    }

    /** Takes in documents as they come through the gate; once one fails, nothing of the read counts. */
    private static final class FaultySink implements Sink {
        private final Sink sink;
        private final CallGate gate;
        private final Optional<ActivePolicy> active;
        private final AtomicReference<@Nullable InjectedFailure> failure = new AtomicReference<>();

        FaultySink(Sink sink, CallGate gate) {
            this.sink = sink;
            this.gate = gate;
            this.active = gate.active();
        }

        @Override
        public void accept(SourceEntry entry, byte[] bytes) {
            if (failure.get() != null) {
                return;
            }
            try {
                sink.accept(entry, gate.result(active, "read", bytes));
            } catch (InjectedFailure e) {
                failure.compareAndSet(null, e);
            }
        }

        @Override
        public void failed(SourceEntry entry, StorageException reason) {
            sink.failed(entry, reason);
        }

        @Override
        public void doubt(SourceEntry entry, Finding doubt) {
            sink.doubt(entry, doubt);
        }

        @Override
        public void moved(SourceEntry entry) {
            sink.moved(entry);
        }

        void throwIfFailed() throws InjectedFailure {
            InjectedFailure first = failure.get();
            if (first != null) {
                throw first;
            }
        }
    }

    /** Hints as they come through the gate; what is said of the watch itself is left alone. */
    private record FaultyHints(HintListener listener, EventGate gate) implements HintListener {
        @Override
        public void lookNow() {
            gate.pass("hint", listener::lookNow);
        }

        @Override
        public void pending() {
            listener.pending();
        }

        @Override
        public void holds() {
            listener.holds();
        }

        @Override
        public void lost(StorageException reason) {
            listener.lost(reason);
        }

        @Override
        public void pollingOnly(String reason) {
            listener.pollingOnly(reason);
        }
    }
}
