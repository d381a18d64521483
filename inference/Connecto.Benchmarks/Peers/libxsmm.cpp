// libxsmm's generated sparse x dense kernels. The weights are cut into blocks of rows whose code the library can
// hold; one kernel multiplies its rows with a strip of 16 to 448 columns, read in place from row-major activations.
// A 3x3 convolution first lays out the windows of its planes, which is part of the run.
#include "peer.h"
#include <libxsmm.h>
#include <omp.h>
#include <cstring>
#include <memory>
#include <vector>

namespace {

const int lanes = 16;             // floats of one vector
const int code_bytes = 128 << 10; // what the library's generator can hold
const int bytes_per_step = 12;    // of one multiply-add with its address, at most

struct Block {
    libxsmm_smmfunction run;
    int row, first;
};

struct Kernel {
    PeerProblem p;
    int width;                // vectors of a strip
    std::vector<Block> blocks;
    float* windows = nullptr; // [k][n] of a convolution

    ~Kernel() {
        for (auto& block : blocks) libxsmm_release_kernel(reinterpret_cast<const void*>(block.run));
        libxsmm_free(windows);
    }

    void run(const float* x, float* y) {
        const int strips = p.n / (lanes * width), count = static_cast<int>(blocks.size());
        if (windows) {
            #pragma omp parallel for num_threads(p.threads) schedule(static)
            for (int row = 0; row < p.k; row++) lay_out(row, x);
            x = windows;
        }
        // All strips of a block in turn: its code stays in the cache, which was never slower than the other way.
        #pragma omp parallel for num_threads(p.threads) schedule(static)
        for (int b = 0; b < count; b++)
            for (int s = 0; s < strips; s++) multiply(blocks[b], x, y, s);
    }

    void multiply(const Block& block, const float* x, float* y, int strip) const {
        const auto column = static_cast<size_t>(strip) * lanes * width;
        block.run(p.values + block.first, x + column, y + static_cast<size_t>(block.row) * p.n + column);
    }

    void lay_out(int row, const float* x) {
        const int area = p.kernel * p.kernel, reach = p.kernel / 2;
        const int dy = row % area / p.kernel - reach, dx = row % p.kernel - reach;
        const float* plane = x + static_cast<size_t>(row / area) * p.n;
        float* to = windows + static_cast<size_t>(row) * p.n;
        const int left = dx < 0 ? -dx : 0, right = p.width - (dx > 0 ? dx : 0);
        std::memset(to, 0, sizeof(float) * p.n);
        for (int i = 0; i < p.height; i++)
            if (i + dy >= 0 && i + dy < p.height)
                std::memcpy(to + i * p.width + left, plane + (i + dy) * p.width + left + dx, sizeof(float) * (right - left));
    }
};

bool add_block(Kernel& kernel, int begin, int end) {
    const PeerProblem& p = kernel.p;
    const int first = p.row_starts[begin];
    std::vector<unsigned> starts, columns(p.columns + first, p.columns + p.row_starts[end]);
    for (int row = begin; row <= end; row++) starts.push_back(p.row_starts[row] - first);
    libxsmm_descriptor_blob blob;
    auto descriptor = libxsmm_gemm_descriptor_init(&blob, LIBXSMM_GEMM_PRECISION_F32, end - begin, kernel.width, p.k,
        0, p.n / lanes, p.n / lanes, nullptr, nullptr, LIBXSMM_GEMM_FLAG_BETA_0, LIBXSMM_GEMM_PREFETCH_NONE);
    if (!descriptor) return false;
    auto code = libxsmm_create_xcsr_soa(descriptor, starts.data(), columns.data(), p.values + first, lanes);
    if (!code.smm) return false;
    kernel.blocks.push_back({code.smm, begin, first});
    return true;
}

Kernel* create(const PeerProblem& p, int width) {
    const int vectors = p.n / lanes;
    if (p.precision != fp32 || p.n % lanes || p.row_starts[p.m] == 0) return nullptr;
    while (vectors % width) width--;
    auto kernel = std::make_unique<Kernel>();
    kernel->p = p;
    kernel->width = width;
    const int most = code_bytes / bytes_per_step / (width + 1);
    for (int begin = 0; begin < p.m;) {
        int end = begin + 1;
        auto steps = [&](int e) { return p.row_starts[e] - p.row_starts[begin] + 2 * (e - begin); };
        while (end < p.m && steps(end + 1) <= most) end++;
        if (steps(end) > most || !add_block(*kernel, begin, end)) return nullptr;
        begin = end;
    }
    if (p.kernel > 1)
        kernel->windows = static_cast<float*>(libxsmm_aligned_malloc(sizeof(float) * p.k * p.n, 64));
    return kernel.release();
}

struct Entry {
    const char* name;
    int width;
};

const Entry entries[] = {
    {"libxsmm packed 64", 4},
    {"libxsmm packed 128", 8},
    {"libxsmm packed 448", 28},
};
const int count = sizeof entries / sizeof *entries;

}

const char* peer_library() { return "libxsmm " LIBXSMM_VERSION; }

const char* peer_name(int32_t i) { return i < count ? entries[i].name : nullptr; }

const char* peer_group(int32_t i) { return i < count ? "sparse" : nullptr; }

void* peer_create(int32_t i, const PeerProblem* problem, char* message, int32_t) {
    message[0] = 0;
    libxsmm_init();
    return create(*problem, entries[i].width);
}

int32_t peer_reads_columns(void*) { return 0; }

int32_t peer_run(void* kernel, const void* x_rows, const void*, void* y, char*, int32_t) {
    static_cast<Kernel*>(kernel)->run(static_cast<const float*>(x_rows), static_cast<float*>(y));
    return 0;
}

void peer_free(void* kernel) { delete static_cast<Kernel*>(kernel); }
