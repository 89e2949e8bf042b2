// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

public enum StreamRole {
    MAIN,
    SUB
}
