// SPDX-License-Identifier: Apache-2.0
/**
 * When a camera's streams are recorded.
 *
 * <p>Does: turns modes, schedules, events and people's wishes into orders for the recorder, and remembers over restarts
 * what is running. Does not: talk to the recorder (control does). Start reading at {@link
 * org.nxvms.cameras.recording.RecordingPlans}.
 */
package org.nxvms.cameras.recording;
