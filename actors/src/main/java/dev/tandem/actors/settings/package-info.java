/**
 * The settings of a running member and how they change. Start at {@link dev.tandem.actors.settings.SettingsKeeper}; the
 * supervisor's part is {@code dev.tandem.actors.supervisor.ReloadRound}.
 */
@NullMarked
package dev.tandem.actors.settings;

import org.jspecify.annotations.NullMarked;
