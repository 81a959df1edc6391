package io.authzengine.storage.testkit;

import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Sources with one bug each, as people write them. */
final class SourceMutants {
    private SourceMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.ofSource("forgets deletions", ForgetsDeletions::new),
                Mutant.ofSource("answers a failed listing with an empty one", EmptyOnFailure::new),
                Mutant.ofSource("opens although the backend is not there", OpensAnyway::new),
                Mutant.ofSource("says unchanged for ever", SaysUnchanged::new),
                entries(
                        "gives every content the same token",
                        (entry, n) -> Optional.of(SourceEntry.of(entry.location(), "same"))),
                entries(
                        "leaves the first entry out of the listing",
                        (entry, n) -> n == 0 ? Optional.empty() : Optional.of(entry)),
                entries(
                        "lists a directory with its documents",
                        (entry, n) -> Optional.of(SourceEntry.of("policies", "t" + n))),
                entries(
                        "shows a credential in locations",
                        (entry, n) -> Optional.of(SourceEntry.of("s3cret@" + entry.location(), entry.token()))),
                Mutant.ofSource("returns stale bodies", StaleBodies::new),
                Mutant.ofSource("swaps the bodies of two documents", SwapsBodies::new),
                Mutant.ofSource(
                        "cuts bodies off",
                        source -> bodies(source, text -> text.substring(0, Math.min(150, text.length())))),
                Mutant.ofSource("normalises what it reads", source -> bodies(source, text -> text.replace("\"", ""))),
                Mutant.ofSource(
                        "takes an unreadable document for an empty one",
                        source -> bodies(source, text -> text.contains("album") ? "" : text)),
                Mutant.ofSource("does not read all that is wanted", SkipsTheLast::new),
                Mutant.ofSource("shows a credential in what it throws", LeaksSecret::new),
                Mutant.ofSource("names another driver in what it throws", NamesAnother::new),
                Mutant.ofSource("leaks a thread", LeaksThread::new),
                Mutant.ofSource("ignores interrupts", IgnoresInterrupts::new));
    }

    private static Mutant entries(String name, BiFunction<SourceEntry, Integer, Optional<SourceEntry>> change) {
        return Mutant.ofSource(name, source -> new ForwardingSource(source) {
            private final Map<String, SourceEntry> real = new ConcurrentHashMap<>();

            @Override
            public Optional<Manifest> manifest(Revision last) {
                return source.manifest(last).map(manifest -> {
                    List<SourceEntry> changed = new ArrayList<>();
                    for (SourceEntry entry : manifest.entries().values()) {
                        change.apply(entry, changed.size()).ifPresent(other -> {
                            real.put(other.location(), entry);
                            changed.add(other);
                        });
                    }
                    return Manifest.complete(manifest.revision(), changed);
                });
            }

            @Override
            public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
                for (SourceEntry entry : wanted) {
                    source.read(at, List.of(real.getOrDefault(entry.location(), entry)), new BodySink(into) {
                        @Override
                        public void accept(SourceEntry read, byte[] bytes) {
                            into.accept(entry, bytes);
                        }
                    });
                }
            }
        });
    }

    private static PolicySource bodies(PolicySource source, UnaryOperator<String> change) {
        return new ForwardingSource(source) {
            @Override
            public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
                source.read(at, wanted, new BodySink(into) {
                    @Override
                    public void accept(SourceEntry entry, byte[] bytes) {
                        String text = new String(bytes, StandardCharsets.UTF_8);
                        into.accept(entry, change.apply(text).getBytes(StandardCharsets.UTF_8));
                    }
                });
            }
        };
    }

    private static class BodySink implements PolicySource.Sink {
        private final PolicySource.Sink sink;

        BodySink(PolicySource.Sink sink) {
            this.sink = sink;
        }

        @Override
        public void accept(SourceEntry entry, byte[] bytes) {
            sink.accept(entry, bytes);
        }

        @Override
        public void failed(SourceEntry entry, StorageException failure) {
            sink.failed(entry, failure);
        }

        @Override
        public void moved(SourceEntry entry) {
            sink.moved(entry);
        }
    }

    private static final class ForgetsDeletions extends ForwardingSource {
        private final Map<String, SourceEntry> seen = new TreeMap<>();

        ForgetsDeletions(PolicySource source) {
            super(source);
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            return source.manifest(last).map(manifest -> {
                seen.putAll(manifest.entries());
                return Manifest.complete(manifest.revision(), seen.values());
            });
        }
    }

    private static final class EmptyOnFailure extends ForwardingSource {
        EmptyOnFailure(PolicySource source) {
            super(source);
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            try {
                return source.manifest(last);
            } catch (StorageException e) {
                return Optional.of(Manifest.complete(new Revision("empty"), List.of()));
            }
        }
    }

    private static final class OpensAnyway extends ForwardingSource {
        private boolean failed;

        OpensAnyway(PolicySource source) {
            super(source);
        }

        @Override
        public void open(SourceContext context) {
            try {
                source.open(context);
            } catch (StorageException e) {
                failed = true;
            }
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            return failed ? Optional.of(Manifest.complete(Revision.NONE, List.of())) : source.manifest(last);
        }
    }

    private static final class SaysUnchanged extends ForwardingSource {
        SaysUnchanged(PolicySource source) {
            super(source);
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            return last.isNone() ? source.manifest(last) : Optional.empty();
        }
    }

    private static final class StaleBodies extends ForwardingSource {
        private final Map<String, byte[]> first = new ConcurrentHashMap<>();

        StaleBodies(PolicySource source) {
            super(source);
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            source.read(at, wanted, new BodySink(into) {
                @Override
                public void accept(SourceEntry entry, byte[] bytes) {
                    first.putIfAbsent(entry.location(), bytes);
                    into.accept(entry, first.getOrDefault(entry.location(), bytes));
                }
            });
        }
    }

    private static final class SwapsBodies extends ForwardingSource {
        SwapsBodies(PolicySource source) {
            super(source);
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            List<SourceEntry> turned = new ArrayList<>(wanted);
            java.util.Collections.reverse(turned);
            source.read(at, wanted, new BodySink(into) {
                @Override
                public void accept(SourceEntry entry, byte[] bytes) {
                    into.accept(turned.get(wanted.indexOf(entry)), bytes);
                }
            });
        }
    }

    private static final class SkipsTheLast extends ForwardingSource {
        SkipsTheLast(PolicySource source) {
            super(source);
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            source.read(at, wanted.subList(0, Math.max(0, wanted.size() - 1)), into);
        }
    }

    private static final class LeaksSecret extends ForwardingSource {
        LeaksSecret(PolicySource source) {
            super(source);
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            try {
                return source.manifest(last);
            } catch (StorageException e) {
                throw new ConnectionFailedException(
                        Problem.in(e.driverId(), "no way to https://user:s3cret@backend"), e);
            }
        }
    }

    private static final class NamesAnother extends ForwardingSource {
        NamesAnother(PolicySource source) {
            super(source);
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            try {
                return source.manifest(last);
            } catch (StorageException e) {
                throw new ConnectionFailedException(Problem.in("another", e.summary()), e);
            }
        }
    }

    private static final class LeaksThread extends ForwardingSource {
        LeaksThread(PolicySource source) {
            super(source);
        }

        @Override
        public void open(SourceContext context) {
            source.open(context);
            Thread thread = new Thread(LeaksThread::stay, "leaked by a mutant");
            thread.setDaemon(true);
            thread.start();
        }

        private static void stay() {
            try {
                new CountDownLatch(1).await(MutantsTest.PATIENCE.toMillis() * 3, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class IgnoresInterrupts extends ForwardingSource {
        IgnoresInterrupts(PolicySource source) {
            super(source);
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            if (wanted.size() > 100) {
                long end = System.nanoTime() + MutantsTest.PATIENCE.toNanos() * 3;
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
            }
            source.read(at, wanted, into);
        }
    }
}
