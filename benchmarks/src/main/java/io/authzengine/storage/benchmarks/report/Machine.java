package io.authzengine.storage.benchmarks.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** Notes what is measured on. */
public final class Machine {
    /** The name of the file it is noted in. */
    static final String FILE = "machine.properties";

    private static final double GIBIBYTE = 1024.0 * 1024 * 1024;
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** Takes the directory of the figures, and the commit that is measured. */
    public static void main(String[] args) throws IOException {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Properties machine = new Properties();
        machine.setProperty("cores", Integer.toString(system.getAvailableProcessors()));
        machine.setProperty("processor", processor());
        machine.setProperty("memory", String.format(Locale.ROOT, "%.0f GiB", system.getTotalMemorySize() / GIBIBYTE));
        machine.setProperty("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        machine.setProperty(
                "system",
                System.getProperty("os.name") + " " + major(System.getProperty("os.version")) + ", "
                        + System.getProperty("os.arch"));
        machine.setProperty("load", String.format(Locale.ROOT, "%.1f", system.getSystemLoadAverage()));
        machine.setProperty("date", LocalDate.now(ZoneOffset.UTC).toString());
        machine.setProperty("commit", args[1]);
        Path directory = Path.of(args[0]);
        Files.createDirectories(directory);
        try (BufferedWriter out = Files.newBufferedWriter(directory.resolve(FILE))) {
            machine.store(out, null);
        }
    }

    /** The rest of a version names a build, and so whose machine it is. */
    private static String major(String version) {
        return version.replaceFirst("\\D.*", "");
    }

    private static String processor() throws IOException {
        if (!Files.exists(PROCESSORS)) {
            return System.getProperty("os.arch");
        }
        List<String> lines = Files.readAllLines(PROCESSORS);
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
