package dev.tandem.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the files of the models that settings list are there. Only a process that serves them needs them, so loading
 * settings does not ask: members may have the same settings and not the files.
 */
public final class ListedFiles {

    private static final String PATH = "tandem.gateway.models";

    private ListedFiles() {}

    /**
     * Refuses settings that list files which this process cannot read.
     *
     * @throws SettingsException with all of them
     */
    public static void require(LoadedSettings loaded) {
        List<SettingsProblem> missing = missing(loaded);
        if (!missing.isEmpty()) {
            throw new SettingsException(missing);
        }
    }

    /** All files that this process cannot read. */
    public static List<SettingsProblem> missing(LoadedSettings loaded) {
        return missing(loaded, List.of());
    }

    /**
     * All files that this process cannot read and needs: what is listed as before may be served although its files are gone.
     *
     * @param before what is listed now; its files are not looked for
     */
    public static List<SettingsProblem> missing(LoadedSettings loaded, List<ModelSettings> before) {
        List<ModelSettings> models = loaded.settings().gateway().models();
        ConfigValue list = loaded.config().getValue(PATH);
        List<SettingsProblem> problems = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            ModelSettings model = models.get(i);
            if (before.contains(model)) {
                continue;
            }
            ConfigOrigin origin =
                    list instanceof ConfigList elements ? elements.get(i).origin() : list.origin();
            String path = "%s[%d]".formatted(PATH, i);
            check(path + ".file", Optional.of(model.file()), origin, problems);
            check(path + ".profile", model.profile(), origin, problems);
            check(path + ".plan", model.plan(), origin, problems);
        }
        return problems;
    }

    private static void check(String path, Optional<Path> file, ConfigOrigin origin, List<SettingsProblem> problems) {
        file.filter(named -> !Files.isRegularFile(named) || !Files.isReadable(named))
                .ifPresent(named -> problems.add(new SettingsProblem(
                        path,
                        '"' + named.toString() + '"',
                        "expected a file that can be read",
                        SettingsProblem.describe(origin),
                        "A relative path starts at the folder of the settings file, or at the working directory if it"
                                + " is from an environment variable.")));
    }
}
