package dev.tandem.deploy.cli;

import java.util.List;

/** Shows a page after the other: in place where a person sees standard output, below each other elsewhere. */
final class Pages {

    private static final String ERASE_ALL = "\033[2J";
    private static final String TO_TOP = "\033[H";
    private static final String ERASE_TO_LINE_END = "\033[K";
    private static final String ERASE_BELOW = "\033[J";

    private final Terminal terminal;
    private boolean isFirst = true;

    Pages(Terminal terminal) {
        this.terminal = terminal;
    }

    void show(List<String> lines) {
        if (terminal.isScreen()) {
            String start = (isFirst ? ERASE_ALL : "") + TO_TOP;
            terminal.out().print(start + String.join(ERASE_TO_LINE_END + System.lineSeparator(), lines));
            terminal.out().print(ERASE_TO_LINE_END + System.lineSeparator() + ERASE_BELOW);
            terminal.out().flush();
        } else {
            if (!isFirst) {
                terminal.line("");
            }
            lines.forEach(terminal::line);
        }
        isFirst = false;
    }
}
