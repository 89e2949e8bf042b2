// SPDX-License-Identifier: Apache-2.0
/**
 * Layouts of walls, and tours of them: {@code /api/v1/layouts}.
 *
 * <p>Does: whose they are, who sees and changes them, which cameras each caller sees in them. Does not: know how a grid is
 * drawn. Start reading at {@link org.nxvms.cameras.layout.LayoutsResource}.
 */
package org.nxvms.cameras.layout;
