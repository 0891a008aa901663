package dev.tandem.deploy.cli;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.supervisor.Replay;
import dev.tandem.actors.supervisor.Replay.Decision;
import dev.tandem.actors.supervisor.Replay.Outcome;
import dev.tandem.actors.supervisor.Replay.Policy;
import dev.tandem.config.RebalanceSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.core.adapt.MoveRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decides once more what a supervisor has decided of plans that serve, and compares policies on the same recording. */
@CommandLine.Command(
        name = "replay",
        header = "Decide again what a supervisor decided, and compare policies.",
        description = {
            "",
            "A supervisor adds each look at a plan that serves to decisions.jsonl in the data directory of its node: the machines,"
                    + " links and speeds as they were, the plan, and what was decided (tandem.rebalance.record). This command plans"
                    + " anew from that recording, shows each decision beside the recorded one, and what several policies would have"
                    + " made of the same machines: how often they move, and how near they stay to the best plan of each time, by"
                    + " prediction. Exit code 1 when a decision differs from the recorded one.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem replay ~/.tandem/clusters/boards/one/data/decisions.jsonl",
            "  tandem replay decisions.jsonl --least-gain 0.3 --cool-down 60s --json"
        })
public final class ReplayCommand implements Command {

    /** For the policy that takes every better plan: less is a difference in the last digits. */
    private static final double ANY_GAIN = 0.01;

    private static final double MILLIS_PER_SECOND = 1e3;

    @Parameters(index = "0", paramLabel = "FILE", description = "A recording, decisions.jsonl.")
    private Path file = Path.of("");

    @Option(names = "--least-gain", paramLabel = "PART", description = "Of a policy to compare, such as 0.3.")
    private @Nullable String leastGain;

    @Option(names = "--horizon", paramLabel = "TIME", description = "Of a policy to compare, such as 2m.")
    private @Nullable String horizon;

    @Option(names = "--cool-down", paramLabel = "TIME", description = "Of a policy to compare, such as 30s.")
    private @Nullable String coolDown;

    @Mixin
    private JsonOption format = new JsonOption();

    /**
     * As JSON.
     *
     * @param different decisions that are not as recorded
     */
    record Result(List<Decided> decisions, int different, List<Compared> policies) {}

    /** A decision as recorded, and made again. */
    record Decided(
            String at, long epoch, String model, boolean moved, String reason, boolean movesNow, String reasonNow) {
        boolean isSame() {
            return moved == movesNow && reason.equals(reasonNow);
        }
    }

    /** What a policy makes of a model's looks. */
    record Compared(
            String model,
            String gateway,
            String policy,
            double leastGain,
            double horizonSeconds,
            double coolDownSeconds,
            int moves,
            double besideBest,
            double seconds) {}

    @Override
    public ExitCode run(Terminal terminal) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandException.usage("recording " + file + ": no such file.");
        }
        Replay replay = read();
        List<Decided> decisions =
                replay.decisions().stream().map(ReplayCommand::decided).toList();
        int different =
                (int) decisions.stream().filter(decision -> !decision.isSame()).count();
        Result result = new Result(
                decisions,
                different,
                replay.compare(policies(replay.policy())).stream()
                        .map(ReplayCommand::compared)
                        .toList());
        if (format.isJson()) {
            terminal.json(result);
        } else {
            print(terminal, result);
        }
        if (different > 0) {
            terminal.note(different + " of " + decisions.size()
                    + " decisions are not as recorded. Maybe another version has made them.");
            return ExitCode.CHECK_FAILED;
        }
        return ExitCode.OK;
    }

    private Replay read() throws IOException {
        try {
            return Replay.of(file);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }

    private List<Policy> policies(Policy recorded) {
        List<Policy> policies = new ArrayList<>(List.of(recorded));
        if (leastGain != null || horizon != null || coolDown != null) {
            policies.add(given(recorded));
        }
        MoveRule any = new MoveRule(ANY_GAIN, recorded.rule().horizon());
        policies.add(new Policy("any gain", true, any, Duration.ZERO));
        policies.add(new Policy("never", false, recorded.rule(), recorded.coolDown()));
        return policies;
    }

    /** Checked as the settings of the same names are. */
    private Policy given(Policy recorded) {
        MoveRule rule = recorded.rule();
        Map<String, Object> values = Map.of(
                "tandem.rebalance.least-gain", leastGain == null ? rule.leastGain() : leastGain,
                "tandem.rebalance.horizon", horizon == null ? rule.horizon() : horizon,
                "tandem.rebalance.cool-down", coolDown == null ? recorded.coolDown() : coolDown);
        RebalanceSettings given = SettingsLoader.load(Optional.empty(), ConfigFactory.parseMap(values, "command line"))
                .settings()
                .rebalance();
        return new Policy("as given", true, new MoveRule(given.leastGain(), given.horizon()), given.coolDown());
    }

    private static Decided decided(Decision decision) {
        return new Decided(
                decision.at().toString(),
                decision.epoch(),
                decision.model(),
                decision.recorded().moves(),
                decision.recorded().reason(),
                decision.again().moves(),
                decision.again().reason());
    }

    private static Compared compared(Outcome outcome) {
        Policy policy = outcome.policy();
        return new Compared(
                outcome.model(),
                outcome.gateway(),
                policy.name(),
                policy.rule().leastGain(),
                policy.rule().horizon().toMillis() / MILLIS_PER_SECOND,
                policy.coolDown().toMillis() / MILLIS_PER_SECOND,
                outcome.moves(),
                outcome.besideBest(),
                outcome.seconds());
    }

    private static void print(Terminal terminal, Result result) {
        for (Decided decision : result.decisions()) {
            terminal.line(String.format(
                    "%s  epoch %d of %s %s: %s",
                    decision.at(),
                    decision.epoch(),
                    decision.model(),
                    decision.moved() ? "moved" : "stayed",
                    decision.reason()));
            if (!decision.isSame()) {
                terminal.line("    now it " + (decision.movesNow() ? "moves: " : "stays: ") + decision.reasonNow());
            }
        }
        TextTable table = TextTable.of("model", "gateway", "policy", ">moves", ">beside the best", ">seconds");
        for (Compared policy : result.policies()) {
            table.row(
                    policy.model(),
                    policy.gateway(),
                    policy.policy(),
                    Integer.toString(policy.moves()),
                    String.format(Locale.ROOT, "%.3f", policy.besideBest()),
                    String.format(Locale.ROOT, "%.0f", policy.seconds()));
        }
        terminal.line("");
        table.print(terminal);
    }
}
