// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn_reader/hdf5_image.h"

namespace attn_reader {

namespace {

// The library "copies" the image into memory that it asks for here: it is given the image itself.
void* allocate(size_t, H5FD_file_image_op_t, void* image) {
    return image;
}
void* copy(void* to, const void*, size_t, H5FD_file_image_op_t, void*) {
    return to;
}
void* grow(void*, size_t, H5FD_file_image_op_t, void*) {
    return nullptr;
}
herr_t release(void*, H5FD_file_image_op_t, void*) {
    return 0;
}
void* keepImage(void* image) {
    return image;
}
herr_t releaseImage(void*) {
    return 0;
}

} // namespace

hid_t openImage(std::span<const std::byte> bytes) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0);
    void* image = const_cast<std::byte*>(bytes.data()); // opened for reading: nothing writes through it
    H5FD_file_image_callbacks_t callbacks{allocate, copy, grow, release, keepImage, releaseImage, image};
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (H5Pset_fapl_core(access, 1, 0) < 0 || H5Pset_file_image_callbacks(access, &callbacks) < 0 ||
        H5Pset_file_image(access, image, bytes.size()) < 0)
        return -1;
    return H5Fopen("image", H5F_ACC_RDONLY, access);
}

} // namespace attn_reader
