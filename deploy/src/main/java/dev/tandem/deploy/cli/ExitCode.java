package dev.tandem.deploy.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the program tells the shell. */
public enum ExitCode {
    OK(0, "everything asked for was done"),
    CHECK_FAILED(1, "a check failed: results differ from the unsplit model, or a scenario's is not valid"),
    USAGE(2, "unknown command or option, wrong value, missing file, or settings with errors"),
    RUNTIME_ERROR(3, "something failed while running: a port in use, a lost node, a deadline, a full disk"),
    REFUSED(4, "the scheme, model or plan does not fit; the reason is printed");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /** Code to meaning, in order, for help pages. */
    static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (ExitCode exit : values()) {
            meanings.put(" " + exit.code, exit.meaning);
        }
        return meanings;
    }
}
