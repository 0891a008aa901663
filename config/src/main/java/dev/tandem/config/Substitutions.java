package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves substitutions against the configuration and the environment. One that refers to nothing becomes a problem
 * and a placeholder, so that the others, and the values themselves, can still be checked.
 */
final class Substitutions {

    private static final String PLACEHOLDER_ORIGIN = "placeholder of a substitution that refers to nothing";
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]+)}");

    private final Map<String, String> environment;
    private final List<SettingsProblem> problems;
    private final Set<String> missing = new HashSet<>();

    Substitutions(Map<String, String> environment, List<SettingsProblem> problems) {
        this.environment = environment;
        this.problems = problems;
    }

    static String environmentOrigin(String variable) {
        return "environment variable " + variable;
    }

    static boolean isPlaceholder(ConfigValue value) {
        return value.origin().description().contains(PLACEHOLDER_ORIGIN);
    }

    /** The resolved configuration, or {@code fallback} where a problem leaves nothing to resolve. */
    Config resolve(Config config, Config fallback) {
        ConfigResolveOptions options = ConfigResolveOptions.noSystem().appendResolver(new Lookup(null));
        while (true) {
            try {
                return config.resolve(options);
            } catch (ConfigException.UnresolvedSubstitution e) {
                if (!noteMissing(e)) {
                    return fallback;
                }
            } catch (ConfigException e) {
                problems.add(SettingsProblem.of(e, "settings"));
                return fallback;
            }
        }
    }

    /** False if it was noted before or cannot be named, so that resolving again would end the same way. */
    private boolean noteMissing(ConfigException.UnresolvedSubstitution exception) {
        SettingsProblem raw = SettingsProblem.of(exception, "settings");
        Matcher substitution = SUBSTITUTION.matcher(raw.message());
        if (!substitution.find() || !missing.add(substitution.group(1))) {
            problems.add(raw);
            return false;
        }
        String hint = "Define it, or write ${?" + substitution.group(1) + "} if it may be absent.";
        String message = "expected the name of a setting or an environment variable";
        problems.add(new SettingsProblem("", substitution.group(), message, raw.origin(), hint));
        return true;
    }

    /** What the configuration itself does not have: variables, and placeholders for what is nowhere. */
    private final class Lookup implements ConfigResolver {

        private final @Nullable ConfigResolver fallback;

        Lookup(@Nullable ConfigResolver fallback) {
            this.fallback = fallback;
        }

        @Override
        public @Nullable ConfigValue lookup(String path) {
            String variable = String.join(".", ConfigUtil.splitPath(path));
            String value = environment.get(variable);
            if (value != null) {
                return ConfigValueFactory.fromAnyRef(value, environmentOrigin(variable));
            }
            if (missing.contains(path)) {
                return ConfigValueFactory.fromAnyRef("", PLACEHOLDER_ORIGIN);
            }
            return fallback == null ? null : fallback.lookup(path);
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver other) {
            return new Lookup(fallback == null ? other : fallback.withFallback(other));
        }
    }
}
