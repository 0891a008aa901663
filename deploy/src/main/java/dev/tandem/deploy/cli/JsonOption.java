package dev.tandem.deploy.cli;

import picocli.CommandLine.Option;

/** The choice between text and JSON, the same for every command whose output is data. */
final class JsonOption {

    @Option(
            names = "--json",
            description = "Write JSON, and nothing else, to standard output. Progress goes to standard error.")
    private boolean json;

    boolean isJson() {
        return json;
    }
}
