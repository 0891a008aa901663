package dev.tandem.config;

import java.util.List;
import java.util.stream.Collectors;

/** The settings cannot be used. Holds everything that is wrong with them; the message has one line for each problem. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Not serialised: exceptions stay in the process, and the message has all of it. */
    private final transient List<SettingsProblem> problems;

    SettingsException(List<SettingsProblem> problems) {
        super(problems.stream().map(SettingsProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** At least one, in the order in which they were found. */
    public List<SettingsProblem> problems() {
        return problems;
    }
}
