// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.recording;

/**
 * How a stream shall be recorded.
 *
 * @param retentionDaysMax footage older than this is deleted, 1..3650
 */
public record RecordingOrder(int retentionDaysMax) {}
