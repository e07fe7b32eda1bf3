"""`anyvideo providers`."""


def test_each_account_says_whether_it_is_usable_or_what_it_lacks(call, monkeypatch, tmp_path):
    path = tmp_path / "my.toml"
    path.write_text('[providers.other]\nadapter = "apiyi"\napi_key = "secret"', "utf-8")
    path.chmod(0o600)
    monkeypatch.setenv("APIYI_API_KEY", "secret")
    monkeypatch.setenv("APIMART_API_KEY", "with blanks")
    result = call("providers", "--config", path)
    rows = {line.split()[0]: line for line in result.lines[1:]}

    assert result.code == 0
    assert rows["other"].split() == ["other", "apiyi", "https://api.apiyi.com", "in", "the",
                                     "config", "usable"]  # fmt: skip
    assert rows["apiyi"].split()[-2:] == ["APIYI_API_KEY", "usable"]
    assert rows["apertis-chat"].endswith("set APERTIS_API_KEY")
    assert "blanks" in rows["apimart"]
    assert rows["settings:"] == f"settings: {path}"
    assert "secret" not in result.out


def test_json_says_the_same(call):
    apiyi = next(item for item in call("providers", "--json").json if item["alias"] == "apiyi")

    assert apiyi == {
        "alias": "apiyi",
        "adapter": "apiyi",
        "base_url": "https://api.apiyi.com",
        "key_env": "APIYI_API_KEY",
        "usable": False,
        "missing": "set APIYI_API_KEY",
    }
    assert call("providers").out.endswith("settings: no config file; using defaults\n")


def test_every_wrong_setting_is_a_line_of_its_own(call, tmp_path):
    path = tmp_path / "anyvideo.toml"
    path.write_text('modle = "x"\n[providers.apiyi]\nbase_url = 7', "utf-8")
    result = call("providers", "--config", path)

    assert result.code == 2
    assert result.err.count("anyvideo: ") == result.err.count("\n") == 2
    assert "did you mean model?" in result.err
