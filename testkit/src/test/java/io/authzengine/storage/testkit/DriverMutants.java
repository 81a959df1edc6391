package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Drivers with one bug each, as people write them from scratch. */
final class DriverMutants {
    private DriverMutants() {}

    static List<Mutant> all() {
        List<Mutant> mutants = new ArrayList<>(ofCalls());
        mutants.addAll(ofEvents());
        return mutants;
    }

    private static List<Mutant> ofCalls() {
        return List.of(
                Mutant.ofDriver("lists in no order", driver -> new ForwardingDriver(driver) {
                    @Override
                    public List<Policy> getAllPolicies() {
                        List<Policy> turned = new ArrayList<>(super.getAllPolicies());
                        Collections.reverse(turned);
                        return turned;
                    }
                }),
                Mutant.ofDriver("lists less than it has", driver -> new ForwardingDriver(driver) {
                    @Override
                    public List<PolicyMetadata> listPolicies() {
                        return super.listPolicies().stream().limit(1).toList();
                    }
                }),
                Mutant.ofDriver("finds something for every id", driver -> new ForwardingDriver(driver) {
                    @Override
                    public Optional<Policy> getPolicy(PolicyId id) {
                        return super.getPolicy(id)
                                .or(() -> getAllPolicies().stream().findFirst());
                    }
                }),
                Mutant.ofDriver("connects anew at each init", driver -> new ForwardingDriver(driver) {
                    private int inits;

                    @Override
                    public void init() {
                        if (inits++ > 0) {
                            throw new IllegalStateException("initialised already");
                        }
                        super.init();
                    }
                }),
                Mutant.ofDriver("throws what it likes", driver -> new ForwardingDriver(driver) {
                    @Override
                    public void init() {
                        try {
                            super.init();
                        } catch (StorageException e) {
                            throw new IllegalArgumentException(e);
                        }
                    }
                }),
                Mutant.ofDriver("has an empty set before it was initialised", driver -> new ForwardingDriver(driver) {
                    @Override
                    public LoadResult load() {
                        try {
                            return super.load();
                        } catch (IllegalStateException e) {
                            return LoadResult.none(id());
                        }
                    }
                }),
                loads("hides what could not be taken", result -> of(result, result.policies(), List.of())),
                loads(
                        "drops a document that broke",
                        result -> result.complete() ? result : of(result, PolicySet.EMPTY, result.errors())),
                Mutant.ofDriver("swallows failures of a check", driver -> new ForwardingDriver(driver) {
                    @Override
                    public boolean checkNow(CheckMode mode) {
                        try {
                            return super.checkNow(mode);
                        } catch (StorageException e) {
                            return false;
                        }
                    }
                }),
                Mutant.ofDriver("always says that something changed", driver -> new ForwardingDriver(driver) {
                    @Override
                    public boolean checkNow(CheckMode mode) {
                        super.checkNow(mode);
                        return true;
                    }
                }),
                Mutant.ofDriver("changes its id when it is initialised", driver -> new ForwardingDriver(driver) {
                    @Override
                    public String id() {
                        return super.id() + healthCheck().status();
                    }
                }),
                Mutant.ofDriver("has a blank type", driver -> new ForwardingDriver(driver) {
                    @Override
                    public String type() {
                        return " ";
                    }
                }),
                health(
                        "is always well",
                        health -> new HealthStatus(HealthStatus.Status.HEALTHY, "all is well", health.details())),
                health("forgets why it is not well", health -> new HealthStatus(health.status(), "", health.details())),
                health(
                        "says it is connected when it is not",
                        health -> new HealthStatus(
                                health.status(),
                                health.message(),
                                new HealthStatus.Details(
                                        true,
                                        health.details().lastSync(),
                                        health.details().policiesLoaded(),
                                        health.details().errors(),
                                        health.details().latencyMs()))),
                Mutant.ofDriver("cannot be closed twice", driver -> new ForwardingDriver(driver) {
                    private boolean closed;

                    @Override
                    public void close() {
                        if (closed) {
                            throw new IllegalStateException("closed twice");
                        }
                        closed = true;
                        super.close();
                    }
                }),
                Mutant.ofDriver("answers after it was closed", driver -> new ForwardingDriver(driver) {
                    private boolean closed;

                    @Override
                    public LoadResult load() {
                        return closed ? LoadResult.none(id()) : super.load();
                    }

                    @Override
                    public void close() {
                        closed = true;
                        super.close();
                    }
                }));
    }

    private static List<Mutant> ofEvents() {
        return List.of(
                listeners("tells everything twice", (changes, listener) -> {
                    listener.onChange(changes);
                    listener.onChange(changes);
                }),
                listeners("forgets to tell of modifications", (changes, listener) -> {
                    List<PolicyChangeEvent> left = changes.events().stream()
                            .filter(event -> event.type() != PolicyChangeEvent.Type.MODIFIED)
                            .toList();
                    if (!left.isEmpty()) {
                        listener.onChange(of(changes, left));
                    }
                }),
                listeners("forgets to tell of deletions", (changes, listener) -> {
                    List<PolicyChangeEvent> left = changes.events().stream()
                            .filter(event -> event.type() != PolicyChangeEvent.Type.DELETED)
                            .toList();
                    if (!left.isEmpty()) {
                        listener.onChange(of(changes, left));
                    }
                }),
                listeners(
                        "tells of one change set in parts",
                        (changes, listener) ->
                                changes.events().forEach(event -> listener.onChange(of(changes, List.of(event))))),
                listeners("tells nobody", (changes, listener) -> {}),
                Mutant.ofDriver("goes on telling those who have left", driver -> new ForwardingDriver(driver) {
                    @Override
                    public Subscription watch(PolicyChangeListener listener) {
                        super.watch(listener);
                        return () -> {};
                    }
                }),
                Mutant.ofDriver("knows one listener alone", driver -> new ForwardingDriver(driver) {
                    private boolean watched;

                    @Override
                    public Subscription watch(PolicyChangeListener listener) {
                        if (watched) {
                            return () -> {};
                        }
                        watched = true;
                        return super.watch(listener);
                    }
                }));
    }

    private static Mutant loads(String name, UnaryOperator<LoadResult> bug) {
        return Mutant.ofDriver(name, driver -> new ForwardingDriver(driver) {
            @Override
            public LoadResult load() {
                return bug.apply(super.load());
            }
        });
    }

    private static Mutant health(String name, UnaryOperator<HealthStatus> bug) {
        return Mutant.ofDriver(name, driver -> new ForwardingDriver(driver) {
            @Override
            public HealthStatus healthCheck() {
                return bug.apply(super.healthCheck());
            }
        });
    }

    private static Mutant listeners(String name, BiConsumer<PolicyChangeSet, PolicyChangeListener> bug) {
        return Mutant.ofDriver(name, driver -> new ForwardingDriver(driver) {
            @Override
            public Subscription watch(PolicyChangeListener listener) {
                return super.watch(changes -> bug.accept(changes, listener));
            }
        });
    }

    private static PolicyChangeSet of(PolicyChangeSet changes, List<PolicyChangeEvent> events) {
        return new PolicyChangeSet(changes.driverId(), changes.sequence(), changes.cause(), events);
    }

    private static LoadResult of(
            LoadResult result, PolicySet policies, List<io.authzengine.storage.driver.LoadError> errors) {
        return new LoadResult(
                result.driverId(),
                result.sequence(),
                result.looks(),
                policies,
                errors,
                result.warnings(),
                result.revisions(),
                result.loadedAt());
    }
}
