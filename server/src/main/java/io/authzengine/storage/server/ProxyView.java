package io.authzengine.storage.server;

import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.faults.decision.FaultDecision;
import io.authzengine.storage.faults.proxy.ProxyStats;
import io.authzengine.storage.faults.proxy.TcpFaultProxy;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a proxy does, as a few lines that change on a terminal, and as one line at the end elsewhere. */
final class ProxyView {
    private static final String UP_AND_ERASE = "\u001b[%dA\u001b[J";
    private static final int LAST = 5;

    private final TcpFaultProxy proxy;
    private final DecisionLog log;
    private final PrintWriter out;
    private int drawn;

    ProxyView(TcpFaultProxy proxy, DecisionLog log, PrintWriter out) {
        this.proxy = proxy;
        this.log = log;
        this.out = out;
    }

    void begin(String upstream, String policy) {
        out.println("policyd: proxy on " + proxy.address().getHostString() + ":" + proxy.port() + " to "
                + Printable.text(upstream) + ", fault policy " + Printable.text(policy) + "; Ctrl-C ends");
        out.flush();
    }

    synchronized void redraw() {
        if (!Terminal.outShowsColours()) {
            return;
        }
        if (drawn > 0) {
            out.print(String.format(Locale.ROOT, UP_AND_ERASE, drawn));
        }
        List<String> lines = lines();
        lines.forEach(out::println);
        drawn = lines.size();
        out.flush();
    }

    void end() {
        summary().forEach(out::println);
        out.flush();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>(summary());
        for (FaultDecision decision : log.last(LAST)) {
            lines.add("  " + text(decision));
        }
        return lines;
    }

    private List<String> summary() {
        ProxyStats stats = proxy.stats();
        String decisions = stats.decisions().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining("  "));
        return List.of(
                "connections: " + stats.open() + " open, " + stats.accepted() + " in all; bytes: " + stats.bytesUp()
                        + " up, " + stats.bytesDown() + " down",
                "decisions: " + (decisions.isEmpty() ? "none" : decisions));
    }

    private static String text(FaultDecision decision) {
        return decision.sequence() + " " + decision.site() + " "
                + decision.verdict().outcome().name().toLowerCase(Locale.ROOT) + ", "
                + String.format(
                        Locale.ROOT, "%.1f ms", decision.verdict().delay().toNanos() / 1e6)
                + decision.verdict()
                        .error()
                        .map(error -> ", " + error.name().toLowerCase(Locale.ROOT))
                        .orElse("");
    }
}
