// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/io/npy.h"

using namespace attn;

class TestNpy : public QObject {
    Q_OBJECT

private slots:
    void headerIsThatOfTheFormat() {
        const double values[] = {1, -2.5, 0, 1e300, 0.1, -0.0};
        const std::string bytes = toNpy(2, 3, values);
        QCOMPARE(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
        const std::size_t length = byte(8) + 256U * byte(9);
        QCOMPARE((10 + length) % 64, std::size_t(0));
        QCOMPARE(bytes.size(), 10 + length + sizeof values);
        const std::string header = bytes.substr(10, length);
        const std::string dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
        QCOMPARE(header.substr(0, dictionary.size()), dictionary);
        QCOMPARE(header.find_first_not_of(' ', dictionary.size()), length - 1);
        QCOMPARE(header.back(), '\n');
        QCOMPARE(std::memcmp(bytes.data() + 10 + length, values, sizeof values), 0);
    }

    void everyShapeIsAligned() {
        for (const int rows : {0, 1, 7, 1000, 123456})
            for (const int cols : {0, 1, 12}) {
                const std::vector<double> values(static_cast<std::size_t>(rows) * cols, 0.5);
                QCOMPARE((toNpy(rows, cols, values).size() - 8 * values.size()) % 64, std::size_t(0));
            }
        QVERIFY_EXCEPTION_THROWN(toNpy(2, 2, std::vector<double>(3)), Error);
    }

    void numpyReadsIt() {
        const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        QProcess probe;
        if (!python.isEmpty()) probe.start(python, {"-c", "import numpy"});
        if (python.isEmpty() || !probe.waitForFinished() || probe.exitCode() != 0)
            QSKIP("python3 with numpy is not here");
        QTemporaryDir folder;
        QFile file(folder.filePath("a.npy"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const double values[] = {0.1, -2.5, std::numeric_limits<double>::quiet_NaN(), 4, 5, 6.75};
        file.write(QByteArray::fromStdString(toNpy(2, 3, values)));
        file.close();
        QProcess reader;
        reader.start(python, {"-c",
                              "import sys, numpy; a = numpy.load(sys.argv[1], allow_pickle=False);"
                              "print(a.shape, a.dtype, *[repr(float(v)) for v in a.ravel()])",
                              file.fileName()});
        QVERIFY(reader.waitForFinished());
        QCOMPARE(reader.readAllStandardOutput().trimmed(),
                 QByteArray("(2, 3) float64 0.1 -2.5 nan 4.0 5.0 6.75"));
    }
};

QTEST_GUILESS_MAIN(TestNpy)
#include "test_npy.moc"
