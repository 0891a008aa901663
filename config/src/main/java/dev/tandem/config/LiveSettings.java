package dev.tandem.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** The settings of a running member, which can be read again. Thread-safe; listeners are called one after the other. */
public final class LiveSettings {

    private final SettingsSource source;
    private final List<Consumer<TandemSettings>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<TandemSettings>> followers = new CopyOnWriteArrayList<>();
    private final List<Function<LoadedSettings, List<SettingsProblem>>> checks = new CopyOnWriteArrayList<>();
    private volatile TandemSettings current;

    public LiveSettings(LoadedSettings loaded) {
        this.source = loaded.source();
        this.current = loaded.settings();
    }

    /**
     * Settings that were read again and passed every check; not in force yet.
     *
     * @param diff against those in force, keys that need a restart included
     */
    public record Candidate(TandemSettings settings, SettingsDiff diff) {}

    /** In force now; what needs a restart is as it was at the start. */
    public TandemSettings current() {
        return current;
    }

    public SettingsSource source() {
        return source;
    }

    /**
     * Reads everything again; changes nothing.
     *
     * @throws SettingsException with all that is wrong
     */
    public Candidate read() {
        LoadedSettings read = SettingsLoader.load(source.file(), source.overrides());
        List<SettingsProblem> problems =
                checks.stream().flatMap(check -> check.apply(read).stream()).toList();
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new Candidate(read.settings(), SettingsDiff.between(current, read.settings()));
    }

    /** Takes over what can be without a restart, and tells the listeners. */
    public synchronized void adopt(Candidate candidate) {
        TandemSettings next = current.reloaded(candidate.settings());
        if (!next.equals(current)) {
            current = next;
            listeners.forEach(listener -> listener.accept(next));
        }
        followers.forEach(follower -> follower.accept(next));
    }

    /** Has all later changes told, with all settings that are in force then. */
    public void onChange(Consumer<TandemSettings> listener) {
        listeners.add(listener);
    }

    /** The same, also when nothing has changed: files that the settings name may have. */
    public void onReload(Consumer<TandemSettings> follower) {
        followers.add(follower);
    }

    /** Has whatever is read from now on refused as a whole for the problems that this check finds. */
    public void require(Function<LoadedSettings, List<SettingsProblem>> check) {
        checks.add(check);
    }
}
