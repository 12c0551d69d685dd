// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/array_pool.h"

#include <array>
#include <bit>
#include <new>

#include "core/base/array_pool_size.h"

namespace attn {

namespace {

constexpr std::align_val_t kAlignment{64};

#ifdef __SANITIZE_ADDRESS__
constexpr bool kKeeps = false;
#else
constexpr bool kKeeps = true;
#endif

/// Four sizes to each power of two, from 64 bytes on: at most a quarter of a block is unused.
struct SizeClass {
    std::size_t index, bytes;
};
SizeClass classOf(std::size_t bytes) {
    if (bytes <= 256) {
        const std::size_t n = bytes == 0 ? 1 : (bytes + 63) / 64;
        return {n - 1, n * 64};
    }
    const auto power = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 1; // 2^power < bytes <= 2^(power+1)
    const std::size_t quarter = std::size_t(1) << (power - 2), n = (bytes + quarter - 1) / quarter;
    return {(power - 8) * 4 + n - 1, n * quarter};
}

struct FreeBlock {
    FreeBlock* next;
};

/// One thread's kept blocks. `ended` outlives the pool: arrays may be freed after it, at the thread's end.
thread_local bool ended = false;
struct Pool {
    std::array<FreeBlock*, 4 * 57> free{};
    std::size_t kept = 0;

    ~Pool() {
        ended = true;
        for (FreeBlock* block : free)
            while (block) {
                FreeBlock* next = block->next;
                ::operator delete (block, kAlignment);
                block = next;
            }
    }
};
thread_local Pool pool;

} // namespace

std::size_t poolBlockBytes(std::size_t bytes) {
    return classOf(bytes).bytes;
}

void* poolAllocate(std::size_t bytes) {
    const SizeClass size = classOf(bytes);
    if (kKeeps && !ended)
        if (FreeBlock*& head = pool.free[size.index]) {
            FreeBlock* block = head;
            head = block->next;
            pool.kept -= size.bytes;
            return block;
        }
    return ::operator new (size.bytes, kAlignment);
}

void poolFree(void* memory, std::size_t bytes) noexcept {
    if (!memory) return;
    const SizeClass size = classOf(bytes);
    if (!kKeeps || ended || pool.kept + size.bytes > kMostPooledBytes) {
        ::operator delete (memory, kAlignment);
        return;
    }
    FreeBlock*& head = pool.free[size.index];
    head = new (memory) FreeBlock{head};
    pool.kept += size.bytes;
}

} // namespace attn
