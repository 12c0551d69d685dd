// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/zip_file.h"

#include <zip.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include "core/base/error.h"
#include "core/base/json_text.h"

namespace attn {

namespace {

constexpr zip_int64_t mostEntries = 100'000;
constexpr std::uint64_t mostInflated = std::uint64_t(4) << 30; // bytes, all entries together
constexpr std::uint64_t bestRatio = 1'032;                     // of deflate: 258 bytes in 2 bits
constexpr std::size_t longestName = 200;                       // in a message

/// The file as libzip reads it. The start of the last read is where an entry's bytes are, which libzip
/// knows and does not say.
struct Reader {
    const MappedFile& file;
    std::uint64_t position = 0;
    std::uint64_t lastRead = 0;
    zip_error_t error;

    explicit Reader(const MappedFile& mapped) : file(mapped) { zip_error_init(&error); }

    std::int64_t read(void* to, std::uint64_t length) {
        lastRead = position;
        length = std::min<std::uint64_t>(length, file.bytes().size() - position);
        try {
            file.read(position, {static_cast<std::byte*>(to), static_cast<std::size_t>(length)});
        } catch (const Error&) {
            zip_error_set(&error, ZIP_ER_READ, EIO);
            return -1;
        }
        position += length;
        return static_cast<std::int64_t>(length);
    }
};

zip_int64_t readerCommand(void* user, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    auto& reader = *static_cast<Reader*>(user);
    switch (command) {
        case ZIP_SOURCE_OPEN:
            reader.position = 0;
            return 0;
        case ZIP_SOURCE_READ:
            return reader.read(data, length);
        case ZIP_SOURCE_CLOSE:
        case ZIP_SOURCE_FREE:
            return 0;
        case ZIP_SOURCE_STAT: {
            auto* stat = static_cast<zip_stat_t*>(data);
            zip_stat_init(stat);
            stat->valid = ZIP_STAT_SIZE;
            stat->size = reader.file.bytes().size();
            return sizeof *stat;
        }
        case ZIP_SOURCE_ERROR:
            return zip_error_to_data(&reader.error, data, length);
        case ZIP_SOURCE_SEEK: {
            const zip_int64_t to = zip_source_seek_compute_offset(reader.position, reader.file.bytes().size(),
                                                                  data, length, &reader.error);
            if (to < 0) return -1;
            reader.position = static_cast<std::uint64_t>(to);
            return 0;
        }
        case ZIP_SOURCE_TELL:
            return static_cast<zip_int64_t>(reader.position);
        case ZIP_SOURCE_SUPPORTS:
            return ZIP_SOURCE_SUPPORTS_SEEKABLE;
        default:
            zip_error_set(&reader.error, ZIP_ER_OPNOTSUPP, 0);
            return -1;
    }
}

struct EntryCloser {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using OpenEntry = std::unique_ptr<zip_file_t, EntryCloser>;

bool leavesFolder(std::string_view name) {
    if (name.starts_with('/')) return true;
    while (true) {
        const std::size_t end = std::min(name.find('/'), name.size());
        if (name.substr(0, end) == "..") return true;
        if (end == name.size()) return false;
        name.remove_prefix(end + 1);
    }
}

} // namespace

/// What belongs to libzip, which is not made for several threads at once.
struct ZipFile::Library {
    Reader reader;
    zip_t* archive = nullptr;
    std::mutex mutex;                ///< of `archive` and `reader`
    std::mutex inflating;            ///< of the two below; taken before `mutex`
    std::vector<std::byte> inflated; ///< content of the entry that was looked at last
    int inflatedEntry = -1;
    std::unique_ptr<std::atomic<bool>[]> verified; ///< by entry: the stored bytes have the CRC

    explicit Library(const MappedFile& file) : reader(file) {}
    ~Library() {
        if (archive) zip_discard(archive);
        zip_error_fini(&reader.error);
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

ZipFile::ZipFile(std::shared_ptr<const MappedFile> file)
    : m_file(std::move(file)), m_library(std::make_unique<Library>(*m_file)) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_function_create(readerCommand, &m_library->reader, &error);
    if (source) {
        m_library->archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
        if (!m_library->archive) zip_source_free(source);
    }
    const int code = zip_error_code_zip(&error);
    const std::string why = code == ZIP_ER_NOZIP    ? "it lacks the directory at its end"
                            : code == ZIP_ER_EXISTS ? "two entries have one name"
                                                    : zip_error_strerror(&error);
    zip_error_fini(&error);
    if (!m_library->archive)
        throw Error(ErrorKind::Data, m_file->path() + ": the zip archive is damaged: " + why +
                                         "; it may have been cut short, so copy it again");
    list();
    refuseOverlaps();
}

ZipFile::~ZipFile() = default;

void ZipFile::list() {
    zip_t* archive = m_library->archive;
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    if (count > mostEntries)
        throw Error(ErrorKind::Limit, m_file->path() + ": the zip archive has " + std::to_string(count) +
                                          " entries; at most " + std::to_string(mostEntries) + " are read");
    m_entries.reserve(static_cast<std::size_t>(count)); // names are pointed at from now on
    m_library->verified = std::make_unique<std::atomic<bool>[]>(static_cast<std::size_t>(count));
    std::uint64_t inflated = 0;
    for (zip_int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<zip_uint64_t>(i);
        zip_stat_t stat;
        const char* name = zip_get_name(archive, index, 0);
        if (!name || zip_stat_index(archive, index, 0, &stat) != 0)
            throw Error(ErrorKind::Data, m_file->path() + ": the zip archive's entry " + std::to_string(i) +
                                             " is damaged: " + zip_strerror(archive));
        ZipEntry entry;
        entry.name = name;
        const auto refuse = [&](ErrorKind kind, const std::string& what) {
            throw Error(kind, m_file->path() + ": " + shortened(entry.name, longestName) + ": " + what);
        };
        constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC |
                                        ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
        if ((stat.valid & needed) != needed)
            refuse(ErrorKind::Data, "the zip directory says too little of it");
        entry.size = stat.size;
        entry.packed = stat.comp_size;
        entry.crc = stat.crc;
        entry.deflated = stat.comp_method == ZIP_CM_DEFLATE;
        if (stat.encryption_method != ZIP_EM_NONE)
            refuse(ErrorKind::Unsupported, "is encrypted; decrypt the archive first");
        if (!entry.deflated && stat.comp_method != ZIP_CM_STORE)
            refuse(ErrorKind::Unsupported, "is compressed by method " + std::to_string(stat.comp_method) +
                                               "; only stored and deflated entries are read");
        if (leavesFolder(entry.name))
            refuse(ErrorKind::Data, "names a place outside the archive; such an archive is not opened");
        if (entry.packed > m_file->bytes().size())
            refuse(ErrorKind::Data, "is said to take " + std::to_string(entry.packed) +
                                        " bytes, more than the file has; it may have been cut short");
        if (!entry.deflated && entry.packed != entry.size)
            refuse(ErrorKind::Data, "is stored, but said to have " + std::to_string(entry.size) +
                                        " bytes in " + std::to_string(entry.packed));
        if (entry.deflated) {
            if (entry.size / bestRatio > entry.packed)
                refuse(ErrorKind::Data, "is said to inflate from " + std::to_string(entry.packed) + " to " +
                                            std::to_string(entry.size) + " bytes, more than deflate can");
            inflated += entry.size;
            if (entry.size > mostInflated || inflated > mostInflated)
                refuse(ErrorKind::Limit, "inflates the archive beyond " + std::to_string(mostInflated) +
                                             " bytes; unpack it, and pack it without compression");
        }
        const OpenEntry open(zip_fopen_index(archive, index, ZIP_FL_COMPRESSED));
        std::byte first{};
        if (!open || (entry.packed > 0 && zip_fread(open.get(), &first, 1) != 1))
            refuse(ErrorKind::Data, std::string("cannot be read: ") + zip_strerror(archive));
        if (entry.packed > 0) entry.offset = m_library->reader.lastRead;
        m_entries.push_back(std::move(entry));
        if (!m_byName.emplace(m_entries.back().name, static_cast<int>(i)).second)
            throw Error(ErrorKind::Data,
                        where(static_cast<int>(i)) +
                            ": stands twice in the zip archive; which is meant is not clear");
    }
}

void ZipFile::refuseOverlaps() const {
    std::vector<int> order;
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (m_entries[i].packed > 0) order.push_back(static_cast<int>(i));
    const auto entry = [&](int i) -> const ZipEntry& { return m_entries[static_cast<std::size_t>(i)]; };
    std::sort(order.begin(), order.end(), [&](int a, int b) { return entry(a).offset < entry(b).offset; });
    std::uint64_t end = 0;
    for (const int i : order) {
        if (entry(i).offset < end)
            throw Error(ErrorKind::Data, where(i) + ": shares bytes with another entry of the zip archive");
        if (entry(i).offset + entry(i).packed > m_file->bytes().size())
            throw Error(ErrorKind::Data, where(i) + ": ends behind the end of the file");
        end = entry(i).offset + entry(i).packed;
    }
}

int ZipFile::find(std::string_view name) const {
    const auto at = m_byName.find(name);
    return at == m_byName.end() ? -1 : at->second;
}

std::string ZipFile::where(int entry) const {
    return m_file->path() + ": " + shortened(m_entries[static_cast<std::size_t>(entry)].name, longestName);
}

void ZipFile::throwCorrupt(int entry, const std::string& what) const {
    throw Error(ErrorKind::Data, where(entry) + ": " + what + "; the file is damaged, so copy it again");
}

std::vector<std::byte> ZipFile::read(int entry, std::uint64_t most) const {
    const ZipEntry& wanted = m_entries[static_cast<std::size_t>(entry)];
    if (wanted.size > most)
        throw Error(ErrorKind::Limit, where(entry) + ": has " + std::to_string(wanted.size) +
                                          " bytes; at most " + std::to_string(most) + " are read");
    if (wanted.deflated) return start(entry, wanted.size); // which libzip compares with the CRC
    std::vector<std::byte> content(wanted.size);
    stream(entry, 0, wanted.size, [&](std::uint64_t at, std::span<const std::byte> block) {
        std::copy(block.begin(), block.end(), content.begin() + static_cast<std::ptrdiff_t>(at));
    });
    return content;
}

std::vector<std::byte> ZipFile::start(int entry, std::size_t most) const {
    const ZipEntry& wanted = m_entries[static_cast<std::size_t>(entry)];
    std::vector<std::byte> content(std::min<std::uint64_t>(most, wanted.size));
    if (content.empty()) return content;
    if (!wanted.deflated) {
        m_file->read(wanted.offset, content);
        return content;
    }
    const std::lock_guard lock(m_library->mutex);
    const OpenEntry open(zip_fopen_index(m_library->archive, static_cast<zip_uint64_t>(entry), 0));
    if (!open) throwCorrupt(entry, std::string("cannot be read: ") + zip_strerror(m_library->archive));
    std::size_t had = 0;
    while (had < content.size()) {
        const zip_int64_t got = zip_fread(open.get(), content.data() + had, content.size() - had);
        if (got <= 0)
            throwCorrupt(entry, std::string("cannot be inflated: ") +
                                    (got < 0 ? zip_file_strerror(open.get()) : "it ends too early"));
        had += static_cast<std::size_t>(got);
    }
    std::byte more{};
    if (had == wanted.size && zip_fread(open.get(), &more, 1) != 0)
        throwCorrupt(entry, "does not have the length and the CRC-32 that the archive says");
    return content;
}

void ZipFile::stream(int entry, std::uint64_t begin, std::uint64_t length, const BlockSink& sink,
                     std::span<std::byte> room) const {
    const ZipEntry& wanted = m_entries[static_cast<std::size_t>(entry)];
    if (begin > wanted.size || length > wanted.size - begin)
        throw Error(ErrorKind::Bug, where(entry) + ": bytes behind its end were asked for");
    if (wanted.deflated) {
        inspect(entry, [&](std::span<const std::byte> content) { sink(0, content.subspan(begin, length)); });
        return;
    }
    const bool whole = length == wanted.size;
    if (!whole) verify(entry);
    const std::uint32_t crc = readBlocks(*m_file, wanted.offset + begin, length, sink, room);
    if (whole) accept(entry, crc);
}

void ZipFile::verify(int entry) const {
    const ZipEntry& wanted = m_entries[static_cast<std::size_t>(entry)];
    if (m_library->verified[static_cast<std::size_t>(entry)]) return;
    accept(entry, readBlocks(*m_file, wanted.offset, wanted.size, [](auto, auto) {}));
}

void ZipFile::accept(int entry, std::uint32_t crc) const {
    if (crc != m_entries[static_cast<std::size_t>(entry)].crc)
        throwCorrupt(entry, "its bytes do not have the CRC-32 that the archive says");
    m_library->verified[static_cast<std::size_t>(entry)] = true;
}

void ZipFile::inspect(int entry, const std::function<void(std::span<const std::byte>)>& use) const {
    const ZipEntry& wanted = m_entries[static_cast<std::size_t>(entry)];
    if (!wanted.deflated) {
        verify(entry);
        use(m_file->bytes().subspan(wanted.offset, wanted.size));
        return;
    }
    const std::lock_guard lock(m_library->inflating);
    if (m_library->inflatedEntry != entry) {
        m_library->inflatedEntry = -1;
        m_library->inflated = {};
        m_library->inflated = read(entry, wanted.size);
        m_library->inflatedEntry = entry;
    }
    use(m_library->inflated);
}

} // namespace attn
