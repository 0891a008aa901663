package dev.tandem.deploy.launch;

import com.typesafe.config.ConfigRenderOptions;
import dev.tandem.config.ClusterFile;
import dev.tandem.config.ClusterHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The members of a cluster file: starts, watches and stops them, all at once. What it does can be repeated: members that are
 * as asked are left alone.
 *
 * <p>Nothing is kept between calls; what is known of a member is in its folder on its host.
 */
public final class ClusterLauncher {

    private static final Duration SLACK = Duration.ofSeconds(30);
    private static final ConfigRenderOptions SETTINGS_TEXT =
            ConfigRenderOptions.concise().setFormatted(true).setJson(false);
    private static final String SETTINGS_CHANGED =
            "its settings have changed: it takes over what it can, as 'tandem reload'"
                    + " shows; the rest takes effect after 'restart'.";
    private static final String PROGRAM_CHANGED =
            "it runs another build of the program; this one runs after 'restart'.";

    private final ClusterFile file;
    private final String sshProgram;
    private final Installation installation;

    /** @param home of this program, which members of this machine run: {@code bin/tandem} is in it */
    public ClusterLauncher(ClusterFile file, Path home) {
        this(file, home, "ssh");
    }

    ClusterLauncher(ClusterFile file, Path home, String sshProgram) {
        this.file = file;
        this.sshProgram = sshProgram;
        this.installation = new Installation(file, home);
    }

    /**
     * Starts what does not run and waits until every member is up and measured.
     *
     * @param progress hears the name of a member and what it does, on several threads
     * @return in the order of the file
     */
    public List<MemberReport> up(BiConsumer<String, String> progress) {
        return up(file.hosts(), progress);
    }

    /**
     * The same for some of the members: one after the other, each is measured while the others rest.
     *
     * @param hosts of the file, the first of which must be up before others
     */
    public List<MemberReport> up(List<ClusterHost> hosts, BiConsumer<String, String> progress) {
        return onEach(hosts, host -> start(host, text -> progress.accept(host.name(), text)));
    }

    /** How every member is; changes nothing. */
    public List<MemberReport> status() {
        return onAll(this::status);
    }

    /** Stops every member that runs. */
    public List<MemberReport> down() {
        return down(file.hosts());
    }

    /**
     * Stops some of the members.
     *
     * @param hosts of the file
     */
    public List<MemberReport> down(List<ClusterHost> hosts) {
        return onEach(hosts, this::stop);
    }

    /**
     * Stops members and starts them again, one after the other, so that the others serve meanwhile: what serves on a member is
     * moved before it leaves. Ends with the first that does not come up again, as the next would be missed, too.
     *
     * @param hosts of the file
     * @param progress hears the name of a member and what it does
     * @return of those that were tried
     */
    public List<MemberReport> restart(List<ClusterHost> hosts, BiConsumer<String, String> progress) {
        List<MemberReport> reports = new ArrayList<>();
        for (ClusterHost host : hosts) {
            MemberReport report = restart(host, text -> progress.accept(host.name(), text));
            reports.add(report);
            if (!report.state().isUp()) {
                break;
            }
        }
        return reports;
    }

    private MemberReport restart(ClusterHost host, Consumer<String> progress) {
        progress.accept("leaving");
        MemberReport stopped = down(List.of(host)).get(0);
        if (!stopped.state().isDown()) {
            return stopped;
        }
        stopped.notes().forEach(progress);
        return onEach(List.of(host), each -> start(each, progress)).get(0);
    }

    /**
     * The end of the members' logs.
     *
     * @param hosts of the file
     * @param follow go on with what is added, until this process ends
     * @param onLine hears the name of a member and a line, on several threads
     * @return what went wrong, a sentence per member
     */
    public List<String> logs(List<ClusterHost> hosts, int lines, boolean follow, BiConsumer<String, String> onLine) {
        List<String> failures = new ArrayList<>();
        forEach(hosts, host -> log(host, lines, follow, line -> onLine.accept(host.name(), line)))
                .forEach(failure -> failure.ifPresent(failures::add));
        return failures;
    }

    private List<MemberReport> onAll(Action<MemberReport> action) {
        return onEach(file.hosts(), action);
    }

    private List<MemberReport> onEach(List<ClusterHost> hosts, Action<MemberReport> action) {
        return forEach(hosts, host -> {
            try {
                return action.on(host);
            } catch (HostException e) {
                return report(host, MemberState.UNREACHABLE, 0, String.valueOf(e.getMessage()), List.of(), e.log());
            }
        });
    }

    private MemberReport start(ClusterHost host, Consumer<String> progress) throws HostException {
        HostShell shell = new HostShell(host, file, sshProgram);
        progress.accept("looking for the program");
        Installation.Program program;
        try {
            program = installation.on(host, shell);
        } catch (HostException e) {
            return report(host, MemberState.FAILED, 0, String.valueOf(e.getMessage()), List.of(), e.log());
        }
        progress.accept(program.wasCopied() ? "copied the program" : "starting");
        String folder = folder(host);
        List<String> arguments = new ArrayList<>(
                List.of(folder, program.folder(), seconds(file.upTimeout()), host.javaHome(), host.javaOptions()));
        arguments.addAll(host.launchWith());
        String text = "settings=" + HostShell.quoted(settings(host, folder)) + "\n"
                + HostShell.call("start_member", arguments);
        try {
            List<String> answers = shell.run(text, file.upTimeout().plus(SLACK), progress);
            return started(host, answers);
        } catch (HostException e) {
            return report(host, MemberState.FAILED, 0, String.valueOf(e.getMessage()), List.of(), e.log());
        }
    }

    private MemberReport started(ClusterHost host, List<String> answers) {
        List<String> notes = new ArrayList<>();
        if (answers.contains("changed settings")) {
            notes.add(SETTINGS_CHANGED);
        }
        if (answers.contains("changed program")) {
            notes.add(PROGRAM_CHANGED);
        }
        boolean isNew = Answers.has(answers, "started");
        long pid = Answers.pid(answers, isNew ? "started" : "running");
        if (Answers.has(answers, "ready")) {
            return report(host, isNew ? MemberState.STARTED : MemberState.UP, pid, "", notes, List.of());
        }
        return report(host, MemberState.FAILED, pid, whyNotUp(answers), notes, Answers.values(answers, "log"));
    }

    private String whyNotUp(List<String> answers) {
        if (Answers.has(answers, "died")) {
            // The program says in one line what is wrong; what else is in the log led up to it.
            return Answers.values(answers, "log").stream()
                    .filter(line -> line.startsWith("tandem: "))
                    .reduce((first, second) -> second)
                    .map(line -> line.substring("tandem: ".length()))
                    .orElse("its process ended before it was measured.");
        }
        if (Answers.has(answers, "late")) {
            String state = Answers.has(answers, "up") ? "not measured" : "not up";
            return "it was " + state + " after " + file.upTimeout().toSeconds()
                    + " s (cluster.up-timeout); its process is left as it is.";
        }
        return String.valueOf(Answers.failure(answers).getMessage());
    }

    private MemberReport status(ClusterHost host) throws HostException {
        List<String> answers = ask(host, "member_status", List.of(folder(host)), Duration.ZERO);
        long pid = Answers.pid(answers, "running");
        if (Answers.has(answers, "ready")) {
            return report(host, MemberState.UP, pid, "", List.of(), List.of());
        }
        if (pid > 0) {
            String what = Answers.has(answers, "up") ? "not measured yet." : "not up yet.";
            return report(host, MemberState.STARTING, pid, what, List.of(), List.of());
        }
        if (Answers.has(answers, "died")) {
            String reason = "its process has ended without having been asked to.";
            return report(host, MemberState.DIED, 0, reason, List.of(), Answers.values(answers, "log"));
        }
        requireAnswer(answers, "down");
        return report(host, MemberState.DOWN, 0, "", List.of(), List.of());
    }

    private MemberReport stop(ClusterHost host) throws HostException {
        List<String> arguments = List.of(folder(host), seconds(file.downTimeout()));
        List<String> answers = ask(host, "stop_member", arguments, file.downTimeout());
        if (Answers.has(answers, "killed")) {
            String note = "it did not leave within " + file.downTimeout().toSeconds() + " s and was killed.";
            return report(host, MemberState.KILLED, Answers.pid(answers, "killed"), "", List.of(note), List.of());
        }
        if (Answers.has(answers, "stopped")) {
            return report(host, MemberState.STOPPED, Answers.pid(answers, "stopped"), "", List.of(), List.of());
        }
        if (Answers.has(answers, "down")) {
            return report(host, MemberState.DOWN, 0, "", List.of(), List.of());
        }
        String reason = String.valueOf(Answers.failure(answers).getMessage());
        return report(host, MemberState.FAILED, 0, reason, List.of(), List.of());
    }

    private Optional<String> log(ClusterHost host, int lines, boolean follow, Consumer<String> onLine) {
        List<String> arguments = List.of(folder(host), Integer.toString(lines));
        try {
            if (follow) {
                new HostShell(host, file, sshProgram)
                        .follow("FOLLOW=1 " + HostShell.call("show_log", arguments), onLine);
                return Optional.empty();
            }
            List<String> answers = ask(host, "show_log", arguments, Duration.ZERO);
            if (answers.size() == 1 && Answers.has(answers, "failed")) {
                throw Answers.failure(answers);
            }
            answers.forEach(onLine);
            return Optional.empty();
        } catch (HostException e) {
            return Optional.of(host.name() + ": " + e.getMessage());
        }
    }

    private List<String> ask(ClusterHost host, String function, List<String> arguments, Duration extra)
            throws HostException {
        Duration deadline = file.connectTimeout().plus(extra).plus(SLACK);
        return new HostShell(host, file, sshProgram).run(HostShell.call(function, arguments), deadline, answer -> {});
    }

    private static void requireAnswer(List<String> answers, String word) throws HostException {
        if (!Answers.has(answers, word)) {
            throw Answers.failure(answers);
        }
    }

    private String folder(ClusterHost host) {
        return file.install() + "/clusters/" + file.name() + "/" + host.name();
    }

    private String settings(ClusterHost host, String folder) {
        String libraries = file.install() + "/native";
        return host.memberSettings(file.seeds(), folder + "/data", libraries)
                .root()
                .render(SETTINGS_TEXT)
                .strip();
    }

    /** Whole seconds for the shell, which knows no others. */
    private static String seconds(Duration duration) {
        return Long.toString(duration.plusMillis(999).toSeconds());
    }

    private static MemberReport report(
            ClusterHost host, MemberState state, long pid, String reason, List<String> notes, List<String> log) {
        return new MemberReport(
                host.name(), host.destination(), host.address().toString(), state, pid, reason, notes, log);
    }

    /** What is done with one host. */
    private interface Action<T> {
        T on(ClusterHost host) throws HostException;
    }

    /** An action that tells of failures in its result. */
    private interface SafeAction<T> {
        T on(ClusterHost host);
    }

    private static <T> List<T> forEach(List<ClusterHost> hosts, SafeAction<T> action) {
        ExecutorService threads = Executors.newFixedThreadPool(hosts.size(), task -> {
            Thread thread = new Thread(task, "cluster-launcher");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<CompletableFuture<T>> running = hosts.stream()
                    .map(host -> CompletableFuture.supplyAsync(() -> action.on(host), threads))
                    .toList();
            return running.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }
}
