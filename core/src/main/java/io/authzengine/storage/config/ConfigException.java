package io.authzengine.storage.config;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration will not do. The message has each problem on a line of its own, in the order of the file. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigException(Collection<ConfigProblem> problems) {
        this(problems.stream().distinct().sorted().toList());
    }

    private ConfigException(List<ConfigProblem> sorted) {
        super(sorted.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = sorted;
    }

    /** Returns all that is wrong, in the order of the file; at least one. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
