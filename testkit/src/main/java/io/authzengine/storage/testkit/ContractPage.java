package io.authzengine.storage.testkit;

import io.authzengine.storage.testkit.ContractResult.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a driver fared, as text. */
final class ContractPage {
    private final String test;
    private final String driver;
    private final List<ContractResult> results;

    /**
     * @param test the test class
     * @param driver the driver's type
     */
    ContractPage(String test, String driver, List<ContractResult> results) {
        this.test = test;
        this.driver = driver;
        this.results = List.copyOf(results);
    }

    private long count(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    String json() {
        return """
                {
                  "driver": %s,
                  "test": %s,
                  "passed": %d,
                  "failed": %d,
                  "skipped": %d,
                  "checks": [
                %s
                  ]
                }
                """.formatted(
                        quoted(driver),
                        quoted(test),
                        count(Outcome.PASSED),
                        count(Outcome.FAILED),
                        count(Outcome.SKIPPED),
                        results.stream().map(ContractPage::json).collect(Collectors.joining(",\n")));
    }

    private static String json(ContractResult result) {
        return "    {\"topic\": %s, \"scenario\": %s, \"promise\": %s, \"outcome\": %s, \"ms\": %d, \"reason\": %s}"
                .formatted(
                        quoted(result.topic()),
                        quoted(result.scenario()),
                        quoted(result.promise()),
                        quoted(result.outcome().name().toLowerCase(Locale.ROOT)),
                        result.time().toMillis(),
                        quoted(result.reason()));
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    String markdown() {
        Map<String, List<ContractResult>> topics = results.stream()
                .collect(Collectors.groupingBy(ContractResult::topic, LinkedHashMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder("""
                # The contract of drivers: %s

                Driver type `%s`: %d of %d checks passed, %d failed, %d not reached.
                """.formatted(
                test, driver, count(Outcome.PASSED), results.size(), count(Outcome.FAILED), count(Outcome.SKIPPED)));
        topics.forEach((topic, checks) -> {
            page.append("\n## ").append(topic).append("\n\n| promise | outcome | ms |\n|---|---|---|\n");
            checks.forEach(check -> page.append(row(check)));
        });
        return page.toString();
    }

    private static String row(ContractResult result) {
        String outcome = result.outcome().name().toLowerCase(Locale.ROOT);
        String told = result.outcome() == Outcome.PASSED ? outcome : "**" + outcome + "**: " + result.reason();
        return "| %s | %s | %d |\n"
                .formatted(cell(result.promise()), cell(told), result.time().toMillis());
    }

    private static String cell(String text) {
        return text.replace('\n', ' ').replace("|", "\\|");
    }
}
