package dev.tandem.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where settings come from that differ from process to process; reading it again is a reload.
 *
 * @param file of the user, if there is one
 * @param overrides win over everything else
 */
public record SettingsSource(Optional<Path> file, Config overrides) {}
