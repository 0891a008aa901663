package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What computes for a core group as the user says it.
 *
 * @param options of the provider under ONNX Runtime's own names, such as {@code device_id}; sorted
 */
public record ProviderSettings(CoreGroupProvider provider, Map<String, String> options, MissingProvider onMissing) {

    /** The CPUs of the group. */
    public static final ProviderSettings CPU =
            new ProviderSettings(CoreGroupProvider.CPU, Map.of(), MissingProvider.FAIL);

    private static final String PROVIDER = "provider";
    private static final String OPTIONS = "provider-options";
    private static final String ON_MISSING = "on-missing";
    private static final String DEVICE = "device_id";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,127}");
    private static final Pattern DEVICE_NUMBER = Pattern.compile("[0-9]{1,3}");

    public ProviderSettings {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /** Number of the GPU that is asked for, the first where nothing is said. */
    int device() {
        return Integer.parseInt(options.getOrDefault(DEVICE, "0"));
    }

    static ProviderSettings from(SectionReader reader) {
        CoreGroupProvider provider = reader.choice(PROVIDER, CoreGroupProvider.class);
        Map<String, String> options = options(reader);
        if (provider == CoreGroupProvider.CPU && reader.has(OPTIONS)) {
            reader.refuse(OPTIONS, "expected none: the provider cpu has no options", "Maybe name another provider.");
        }
        return new ProviderSettings(provider, options, reader.choice(ON_MISSING, MissingProvider.class));
    }

    private static SortedMap<String, String> options(SectionReader reader) {
        SortedMap<String, String> options = new TreeMap<>();
        Config given = reader.object(OPTIONS).toConfig();
        for (String key : given.root().keySet()) {
            String name = key.replace('-', '_');
            String path = ConfigUtil.joinPath(OPTIONS, key);
            if (!NAME.matcher(key).matches()) {
                reader.refuse(path, "expected a name of letters, digits, - and _", "");
            } else if (options.containsKey(name)) {
                reader.refuse(path, "expected " + name + " once", "The signs - and _ mean the same.");
            } else {
                value(reader, given, key, path).ifPresent(value -> options.put(name, value));
            }
        }
        return options;
    }

    /** Absent where it was refused. */
    private static Optional<String> value(SectionReader reader, Config given, String key, String path) {
        try {
            String value = given.getString(ConfigUtil.joinPath(key));
            if (!key.replace('-', '_').equals(DEVICE)
                    || DEVICE_NUMBER.matcher(value).matches()) {
                return Optional.of(value);
            }
            reader.refuse(path, "expected a number of a device from 0 to 999", "The first is 0.");
        } catch (ConfigException e) {
            reader.refuse(path, "expected text, a number, true or false", "");
        }
        return Optional.empty();
    }
}
