package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.Dns;
import io.authzengine.storage.faults.policy.ErrorKind;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.HalfOpen;
import io.authzengine.storage.faults.policy.Layer;
import io.authzengine.storage.faults.policy.Link;
import io.authzengine.storage.faults.policy.LossMode;
import io.authzengine.storage.faults.policy.PayloadMutation;
import io.authzengine.storage.faults.policy.SessionBudget;
import io.authzengine.storage.faults.policy.Timeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Decides one operation, in this order: budget, half-open, loss, latency, rate, jitter, error, deadline, payload, copies and order.
 * Delays add up; what ends the operation discards them.
 */
record Decider(FaultPolicy policy, Layer layer, double intensity, FaultStream stream, Usage usage, long now) {
    Verdict decide(Operation operation, Supplier<Pacer> link) {
        if (operation.kind() == Operation.Kind.LOOKUP) {
            return lookup(policy.dns());
        }
        return end(operation).or(() -> lost(operation)).orElseGet(() -> passing(operation, link));
    }

    private boolean isFull() {
        return intensity >= 1;
    }

    private static boolean passesBytes(Operation operation) {
        return operation.kind() == Operation.Kind.TRANSFER || operation.kind() == Operation.Kind.RESULT;
    }

    private Verdict lookup(Dns dns) {
        if (dns.timeout().isPresent() && isFull()) {
            return Verdict.of(Outcome.TIMEOUT, dns.timeout().get());
        }
        if (dns.nxdomain().happens(stream.random(), intensity)) {
            return Verdict.of(Outcome.NXDOMAIN, Duration.ZERO);
        }
        return Verdict.of(Outcome.PASS, scaled(dns.delay()));
    }

    /** Returns the verdict on a connection whose time has come. */
    private Optional<Verdict> end(Operation operation) {
        if (operation.kind() == Operation.Kind.CONNECT || !isFull()) {
            return Optional.empty();
        }
        if (policy.sessionBudget().isPresent()
                && usage.exceeds(policy.sessionBudget().get(), operation, now)) {
            return Optional.of(spent(policy.sessionBudget().get().end()));
        }
        return policy.halfOpen()
                .filter(half -> usage.bytes() >= half.after())
                .map(half -> half.mode() == HalfOpen.Mode.STALL
                        ? Verdict.of(Outcome.STALL, Duration.ZERO)
                        : Verdict.broken(half.error()));
    }

    private static Verdict spent(SessionBudget.End end) {
        if (end instanceof SessionBudget.TimeOut timeOut) {
            return Verdict.of(Outcome.TIMEOUT, timeOut.after());
        }
        return end instanceof SessionBudget.Break broken
                ? Verdict.broken(broken.error())
                : Verdict.of(Outcome.DROP, Duration.ZERO);
    }

    private Optional<Verdict> lost(Operation operation) {
        Link link = link(operation);
        boolean lost = policy.correlatedLoss().isPresent()
                ? stream.loses(policy.correlatedLoss().get(), link.burstLoss(), intensity)
                : stream.loses(link, intensity);
        if (!lost) {
            return Optional.empty();
        }
        if (layer != Layer.PROXY) {
            return Optional.of(Verdict.of(Outcome.DROP, Duration.ZERO));
        }
        return Optional.of(
                policy.lossMode() == LossMode.RESET
                        ? Verdict.broken(ErrorKind.RESET)
                        : Verdict.of(Outcome.RESENT, stream.resendDelay()));
    }

    /** Returns the link of the operation; a result was delayed with its call already, so for it only what is special counts. */
    private Link link(Operation operation) {
        return operation.kind() == Operation.Kind.RESULT ? policy.downlink() : policy.link(operation.direction());
    }

    private Verdict passing(Operation operation, Supplier<Pacer> pacer) {
        Link link = link(operation);
        Duration delay = scaled(link.latency());
        long rate = policy.link(operation.direction()).rate();
        if (rate > 0 && passesBytes(operation) && operation.size() > 0) {
            delay = delay.plusNanos(pacer.get().book(now, operation.size(), rate / intensity));
        }
        if (!link.jitter().isZero()) {
            delay = delay.plusNanos(
                    (long) (stream.random().nextDouble() * link.jitter().toNanos() * intensity));
        }
        if (policy.connectionError().isPresent()
                && operation.kind() != Operation.Kind.EVENT
                && policy.connectionError().get().probability().happens(stream.random(), intensity)) {
            return Verdict.broken(policy.connectionError().get().kind());
        }
        Optional<Duration> deadline = deadline(operation.kind());
        if (deadline.isPresent()
                && (policy.timeouts().mode() == Timeouts.Mode.ALWAYS || delay.compareTo(deadline.get()) >= 0)) {
            return Verdict.of(Outcome.TIMEOUT, deadline.get());
        }
        return new Verdict(
                Outcome.PASS,
                delay,
                Optional.empty(),
                deadline,
                mutation(operation),
                copies(operation),
                heldBack(operation));
    }

    private Optional<Duration> deadline(Operation.Kind kind) {
        if (!isFull() || kind == Operation.Kind.EVENT || kind == Operation.Kind.RESULT) {
            return Optional.empty();
        }
        return kind == Operation.Kind.CONNECT
                ? policy.timeouts().connect()
                : policy.timeouts().receive();
    }

    private OptionalLong mutation(Operation operation) {
        Optional<PayloadMutation> mutation = policy.payloadMutation()
                .filter(rule -> passesBytes(operation)
                        && operation.size() > 0
                        && rule.concerns(operation.direction(), (int) Math.min(operation.size(), Integer.MAX_VALUE)));
        if (mutation.isEmpty() || !stream.isNth(mutation.get().everyNth())) {
            return OptionalLong.empty();
        }
        boolean happens = mutation.get().probability().happens(stream.random(), intensity);
        long draw = stream.random().nextLong();
        return happens ? OptionalLong.of(draw) : OptionalLong.empty();
    }

    private int copies(Operation operation) {
        if (operation.kind() != Operation.Kind.EVENT || policy.packetDuplicate().isEmpty()) {
            return 0;
        }
        int copies = 0;
        for (int i = 0; i < policy.packetDuplicate().get().maxExtra(); i++) {
            copies += policy.packetDuplicate().get().probability().happens(stream.random(), intensity) ? 1 : 0;
        }
        return copies;
    }

    private Optional<Duration> heldBack(Operation operation) {
        return policy.packetReorder()
                .filter(reorder -> operation.kind() == Operation.Kind.EVENT
                        && reorder.probability().happens(stream.random(), intensity))
                .map(reorder -> reorder.maxDelay());
    }

    private Duration scaled(Duration time) {
        return intensity >= 1 ? time : Duration.ofNanos((long) (time.toNanos() * intensity));
    }
}
