package dev.tandem.deploy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * How much of the log reaches standard error. Commands are quiet (warnings of Tandem, errors of Pekko) unless asked;
 * a member follows its settings.
 */
final class Logging {

    private static final String ENVIRONMENT = "TANDEM_LOG_LEVEL";
    private static final String PEKKO = "org.apache.pekko";
    private static final String PEKKO_STREAMS = "org.apache.pekko.stream.Materializer";

    private Logging() {}

    /** Level of a command, before any settings are read. */
    static void configure(boolean verbose) {
        apply(verbose ? Level.DEBUG : Level.toLevel(System.getenv(ENVIRONMENT), Level.WARN));
    }

    /** Level of a member, from its settings; {@code verbose} wins. */
    static void configure(Enum<?> level, boolean verbose) {
        apply(verbose ? Level.DEBUG : Level.toLevel(level.name(), Level.INFO));
    }

    static boolean isDebugRequested() {
        String level = System.getenv(ENVIRONMENT);
        return level != null && level.strip().toLowerCase(Locale.ROOT).equals("debug");
    }

    /** Pekko says one step less than Tandem: its news of a member that leaves are no news to the user. */
    private static void apply(Level level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level);
            context.getLogger(PEKKO).setLevel(level.isGreaterOrEqual(Level.WARN) ? Level.ERROR : Level.WARN);
            // Tells at every leaving that connections end.
            context.getLogger(PEKKO_STREAMS).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.ERROR : level);
        }
    }
}
