// SPDX-License-Identifier: Apache-2.0

/** A camera dragged from anywhere; the data is its id. */
export const CAMERA_DRAG_TYPE = 'application/x-nxvms-camera';
/** A cell of the wall; the data is its number from 0. */
export const CELL_DRAG_TYPE = 'application/x-nxvms-cell';
