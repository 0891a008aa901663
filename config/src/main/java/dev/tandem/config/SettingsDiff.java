package dev.tandem.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What differs between the settings in force and settings read again. Values are compared, not their spelling: 1MiB and
 * 1048576 are no change.
 *
 * @param changes in the order of the sections and keys
 */
public record SettingsDiff(List<SettingsChange> changes) {

    public SettingsDiff {
        changes = List.copyOf(changes);
    }

    /** Compares two settings; neither is changed. */
    public static SettingsDiff between(TandemSettings before, TandemSettings after) {
        List<SettingsChange> changes = new ArrayList<>();
        for (RecordComponent section : TandemSettings.class.getRecordComponents()) {
            Object old = valueOf(section, before);
            Object now = valueOf(section, after);
            for (RecordComponent key : section.getType().getRecordComponents()) {
                String path = SettingsLoader.ROOT + "." + keyOf(section) + "." + keyOf(key);
                addChange(changes, path, valueOf(key, old), valueOf(key, now));
            }
        }
        return new SettingsDiff(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The changes of that scope. */
    public List<SettingsChange> of(SettingScope scope) {
        return changes.stream().filter(change -> change.scope() == scope).toList();
    }

    /** Of a record component: data-directory for dataDirectory, max-energy for maxEnergyJoules, whose unit the value says. */
    static String keyOf(RecordComponent component) {
        return component
                .getName()
                .replaceFirst("(PerSecond|Joules)$", "")
                .replaceAll("([A-Z])", "-$1")
                .toLowerCase(Locale.ROOT);
    }

    private static void addChange(List<SettingsChange> changes, String path, Object before, Object after) {
        if (!before.equals(after)) {
            changes.add(new SettingsChange(path, shown(before), shown(after), SettingScope.of(path)));
        }
    }

    private static String shown(Object value) {
        if (value instanceof Duration duration) {
            return Units.duration(duration);
        }
        if (value instanceof Long bytes) {
            return Units.size(bytes);
        }
        return value instanceof Enum<?> constant
                ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
                : value.toString();
    }

    private static Object valueOf(RecordComponent component, Object owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "component " + component.getName() + " of a settings record must be readable.", e);
        }
    }
}
