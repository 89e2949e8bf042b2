// SPDX-License-Identifier: Apache-2.0
/**
 * <b>Does:</b> holds every part's settings against the metatype in its jar before the part has them: a value that cannot be
 * is replaced by the last one that could, a key in another case is taken for the one that is meant, and all of it is told,
 * with file and key, by log and health; notes in the audit what is changed in files ({@link
 * org.nxvms.settings.SettingsAudit}). <b>Does not:</b> bring settings to parts, know any part, or refuse what is merely unwise.
 * <b>Start reading at</b> {@link org.nxvms.settings.SettingsGuard}.
 */
package org.nxvms.settings;
